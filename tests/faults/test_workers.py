"""Several workers on one PostgreSQL database behave as one server, also while they are killed."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import httpx
import pytest

from api.commands.verify import verify
from sync.client import Client
from tests import engines
from tests.faults.checker import NOTHING, check, find_outdated
from tests.faults.devices import Fleet
from tests.faults.way import Way, Weather
from tests.faults.workers import Workers, working

WORKERS = 3
PHONES = 9
STAYS_EACH = 12
ROUNDS = 40
LOST = 0.2
#: A quarter of a second between looks at the database, and much for a busy machine.
NOTICED_SECONDS_MAX = 10


@pytest.fixture(autouse=True)
def on_postgresql(cluster: str) -> Iterator[None]:
    with engines.using_cluster(cluster):
        yield


@pytest.fixture
async def workers(tmp_path: Path) -> AsyncGenerator[Workers]:
    async with working(tmp_path / "register", WORKERS) as running:
        yield running


@pytest.fixture
async def fleet(tmp_path: Path, workers: Workers) -> AsyncGenerator[Fleet]:
    async with Fleet(tmp_path, workers.url, Weather(seed=11), pace=20) as phones:
        phones.inner = workers.spread
        yield phones


async def test_nothing_is_lost_or_doubled_while_workers_are_killed(
    tmp_path: Path, workers: Workers, fleet: Fleet
):
    fleet.weather.lost = LOST
    await fleet.add(PHONES)
    declaring = asyncio.create_task(fleet.declare_and_finish(STAYS_EACH))
    for worker in workers.each:
        await asyncio.sleep(1)
        await worker.kill()
        await worker.start()
    await declaring
    held = await workers.each[0].read_held()
    assert check(fleet.history, held) == NOTHING
    assert find_outdated(fleet.list_receipts(), held) == []
    wrong, _ = await verify(await engines.settings_for(tmp_path / "register"))
    assert wrong == 0


async def test_the_same_push_to_two_workers_at_once_is_one_entry_with_one_receipt(
    workers: Workers, fleet: Fleet
):
    [device] = await fleet.add(1)
    await device.finish()
    ways = [Way(fleet.history, fleet.weather, workers.spread()) for _ in range(2)]
    async with (
        Client(workers.url, device.outbox.key, transport=ways[0]) as one,
        Client(workers.url, device.outbox.key, transport=ways[1]) as other,
    ):
        await asyncio.gather(one.sign_in(), other.sign_in())
        for _ in range(ROUNDS):
            await device.save_stay(fleet.history)
            last = list(device.outbox.replica.rows.values())[-1]
            items = await device.outbox.list_items([last])
            [[first], [second]] = await asyncio.gather(one.push(items), other.push(items))
            assert {first.custody, second.custody} == {"stored", "duplicate"}
            assert first.receipt == second.receipt


async def test_who_waits_at_one_worker_hears_of_what_came_to_another(
    workers: Workers, fleet: Fleet
):
    [device] = await fleet.add(1)
    await device.finish()
    here, there = workers.each[:2]
    token = device.client._token
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=30) as http:
        asked = {"cursor": None, "have": [], "limit": 500, "wait": 0}
        first = (await http.post(f"{here.url}/v1/sync/pull", json=asked)).json()
        waiting = {**asked, "cursor": first["cursor"], "wait": 20}
        poll = asyncio.create_task(http.post(f"{here.url}/v1/sync/pull", json=waiting))
        await asyncio.sleep(0.5)
        await device.save_stay(fleet.history)
        last = list(device.outbox.replica.rows.values())[-1]
        [item] = await device.outbox.list_items([last])
        began = time.monotonic()
        body = b'{"items": [' + item + b"]}"
        sent = {"Content-Type": "application/json"}
        pushed = await http.post(f"{there.url}/v1/sync/push", content=body, headers=sent)
        assert pushed.json()["results"][0]["custody"] == "stored"
        heard = (await poll).json()
        assert time.monotonic() - began < NOTICED_SECONDS_MAX
        assert [change["id"] for change in heard["changes"]] == [str(last.id)]
