"""Two identical first pushes at once, over real HTTP: one entry, one receipt, never a refusal."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from sync.client import Client
from sync.messages import PushResult
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Device, Fleet
from tests.faults.process import ServerProcess
from tests.faults.way import Way, Weather

ROUNDS = 200
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
async def two(tmp_path: Path) -> AsyncGenerator[Two]:
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


async def test_two_identical_first_pushes_at_once_give_one_entry_and_one_receipt(two: Two):
    await two.device.finish()
    for client in two.clients:
        await client.sign_in()
    for _ in range(ROUNDS):
        await two.device.save_stay(two.fleet.history)
        last = list(two.device.outbox.replica.rows.values())[-1]
        [one], [other] = await two.push_both(await items_of(two.device, last))
        assert {one.custody, other.custody} == {"stored", "duplicate"}
        assert one.receipt is not None
        assert one.receipt == other.receipt
    assert check(two.fleet.history, two.server.database) == NOTHING


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
    assert check(two.fleet.history, two.server.database) == NOTHING


async def test_two_identical_registrations_at_once_make_one_account(two: Two):
    devices = [two.device, *await two.fleet.add(ROUNDS_OF_REGISTRATIONS - 1)]
    for device in devices:
        [item] = await items_of(device, next(iter(device.outbox.replica.rows.values())))
        one, other = await asyncio.gather(*(client.register(item) for client in two.clients))
        assert one == other
    await two.fleet.finish()
    assert check(two.fleet.history, two.server.database) == NOTHING
