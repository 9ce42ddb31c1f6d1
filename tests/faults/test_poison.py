"""Documents that the register cannot decide, or does not know, hold up none of the others."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from api.__main__ import main
from sync.states import Row
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Device, Fleet
from tests.faults.process import ServerProcess
from tests.faults.spoiled import is_poison, make_poison, run_spoiled
from tests.faults.way import Weather
from tests.makers import SANGKAT_4

DEVICES = 10
STAYS_EACH = {"sqlite": 98, "postgresql": 18}
SECONDS_MAX = 600
#: After so long a phone sends again whatever waits.
LONGEST_DELAY_SECONDS = 3_900


async def save_unknown(device: Device) -> None:
    """Save something of a kind that only later versions know."""
    payload = {"kind": "tomorrow", "place": SANGKAT_4, "body": {"said": "TEST DATA"}}
    await device.outbox.compose(payload, {}, now_ms=device.clock())


def list_rows(fleet: Fleet) -> list[Row]:
    return [row for device in fleet.devices for row in device.outbox.replica.rows.values()]


def is_spoiled(row: Row) -> bool:
    """Say whether the register with the defect fails on it."""
    return row.kind == "stay" and is_poison(row.id)


async def send_until(fleet: Fleet, holds: Callable[[Row], bool]) -> None:
    """Let phones go on until something holds of everything on them."""

    async def send(device: Device) -> None:
        while not all(map(holds, device.outbox.replica.rows.values())):
            await device.exchange_once()

    await asyncio.gather(*map(send, fleet.devices))


async def test_what_the_register_fails_on_or_does_not_know_holds_up_nothing_else(
    tmp_path: Path, each_engine: str
):
    server = ServerProcess(tmp_path / "register", run_spoiled)
    async with server, Fleet(tmp_path, server.url, Weather(seed=41), pace=10) as fleet:
        await fleet.add(DEVICES)
        await fleet.devices[0].save_stay(fleet.history, make_poison())
        for device in fleet.devices:
            await save_unknown(device)
        async with asyncio.timeout(SECONDS_MAX):
            await fleet.declare(STAYS_EACH[each_engine])
            await send_until(fleet, lambda row: row.state == "confirmed" or row.code is not None)
        left = [row for row in list_rows(fleet) if row.state != "confirmed"]
        poison = [row for row in left if row.kind == "stay"]
        assert {(row.kind, row.code) for row in left} == {
            ("tomorrow", "version.newer"),
            ("stay", "defect"),
        }
        assert poison == [row for row in list_rows(fleet) if is_spoiled(row)]
        said = server.running.read("stderr")
        assert all(f"document {row.id} failed" in said for row in poison)
        await server.stop()
        server.install(main)
        await server.start()
        for device in fleet.devices:
            device.clock.move(LONGEST_DELAY_SECONDS)
        async with asyncio.timeout(SECONDS_MAX):
            await send_until(fleet, lambda row: row.state == "confirmed" or row.kind == "tomorrow")
        await server.stop()
    assert check(fleet.history, await server.read_held()) == NOTHING
