"""Two identical first pushes at once, over real HTTP: one entry, one receipt, never a refusal."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from sync.client import Client
from sync.document import uuid7
from sync.messages import PushResult
from tests import makers
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Device, Fleet
from tests.faults.process import ServerProcess, set_up
from tests.faults.way import Way, Weather
from tests.makers import SANGKAT_4
from tests.tokens import make_token

ROUNDS = {"sqlite": 200, "postgresql": 40}
ROUNDS_OF_REGISTRATIONS = 25


class Two:
    """One phone's key behind two connections, as when a tab and Background Sync both send."""

    def __init__(self, server: ServerProcess, fleet: Fleet, device: Device) -> None:
        self.server = server
        self.fleet = fleet
        self.device = device
        self.clients: list[Client] = []

    async def push_both(self, items: list[bytes]) -> tuple[list[PushResult], list[PushResult]]:
        one, other = await asyncio.gather(*(client.push(items) for client in self.clients))
        return list(one), list(other)


@pytest.fixture
async def two(tmp_path: Path, each_engine: str) -> AsyncGenerator[Two]:
    del each_engine
    server = ServerProcess(tmp_path / "register")
    async with (
        server,
        Fleet(tmp_path, server.url, Weather(seed=5)) as fleet,
        AsyncExitStack() as stack,
    ):
        [device] = await fleet.add(1)
        both = Two(server, fleet, device)
        for _ in range(2):
            way = Way(fleet.history, fleet.weather)
            client = Client(server.url, device.outbox.key, transport=way)
            both.clients.append(await stack.enter_async_context(client))
        yield both


async def items_of(device: Device, *rows: Any) -> list[bytes]:
    return await device.outbox.list_items(rows)


async def test_two_identical_first_pushes_at_once_give_one_entry_and_one_receipt(
    two: Two, each_engine: str
):
    await two.device.finish()
    for client in two.clients:
        await client.sign_in()
    for _ in range(ROUNDS[each_engine]):
        await two.device.save_stay(two.fleet.history)
        last = list(two.device.outbox.replica.rows.values())[-1]
        [one], [other] = await two.push_both(await items_of(two.device, last))
        assert {one.custody, other.custody} == {"stored", "duplicate"}
        assert one.receipt is not None
        assert one.receipt == other.receipt
    assert check(two.fleet.history, await two.server.read_held()) == NOTHING


async def test_two_identical_first_batches_at_once_give_one_entry_each(two: Two):
    registration, premises = two.device.outbox.replica.rows.values()
    await two.clients[0].register((await items_of(two.device, registration))[0])
    for client in two.clients:
        await client.sign_in()
    for _ in range(20):
        await two.device.save_stay(two.fleet.history)
    rows = list(two.device.outbox.replica.rows.values())[2:]
    one, other = await two.push_both(await items_of(two.device, premises, *rows))
    assert [result.receipt for result in one] == [result.receipt for result in other]
    assert {result.custody for result in one} | {result.custody for result in other} == {
        "stored",
        "duplicate",
    }
    assert check(two.fleet.history, await two.server.read_held()) == NOTHING


async def test_two_identical_registrations_at_once_make_one_account(two: Two):
    devices = [two.device, *await two.fleet.add(ROUNDS_OF_REGISTRATIONS - 1)]
    for device in devices:
        [item] = await items_of(device, next(iter(device.outbox.replica.rows.values())))
        one, other = await asyncio.gather(*(client.register(item) for client in two.clients))
        assert one == other
    await two.fleet.finish()
    assert check(two.fleet.history, await two.server.read_held()) == NOTHING


async def test_two_identical_plain_requests_at_once_give_one_entry_and_one_receipt(
    tmp_path: Path, each_engine: str
):
    server = ServerProcess(tmp_path / "register")
    await set_up(server.data)
    token = await make_token(server.data, "client", ["registrations:write"])
    headers = {"Authorization": f"Bearer {token}"}
    async with server, httpx.AsyncClient(base_url=server.url, headers=headers) as http:
        contact = {"owner": {"name": "TEST DATA Owner"}}
        premises = makers.make_premises(place=SANGKAT_4, contact=contact)
        premises_id, *keys = (uuid7() for _ in range(1 + ROUNDS[each_engine]))
        await post_both(http, "/v1/premises", premises, premises_id)
        for number, key in enumerate(keys):
            document = makers.make_document(f"PLAIN{number:04d}")
            identity = makers.make_identity()
            stay = makers.make_stay(premises_id, identity=identity, document=document)
            await post_both(http, "/v1/stays", stay, key)
    held = await server.read_held()
    assert [entry.id for entry in held.entries if entry.kind == "stay"] == keys


async def post_both(http: httpx.AsyncClient, path: str, body: makers.Fields, key: UUID) -> None:
    """Send a plain request twice at once: both succeed with one receipt, one as a replay."""
    headers = {"Idempotency-Key": str(key)}
    one, other = await asyncio.gather(
        *(http.post(path, json=body, headers=headers) for _ in range(2))
    )
    assert (one.status_code, other.status_code) == (201, 201), one.text
    assert one.json()["receipt"] == other.json()["receipt"]
    replayed = [answer.headers.get("Idempotency-Replayed") for answer in (one, other)]
    assert sorted(map(str, replayed)) == ["None", "true"]
