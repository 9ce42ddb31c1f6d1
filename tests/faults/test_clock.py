"""The clock of the register's machine jumps while phones send: its log goes on in its own time."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.faults.checker import NOTHING, check
from tests.faults.clocks import MachineClock
from tests.faults.devices import Fleet
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

pytestmark = pytest.mark.usefixtures("each_engine")
HOUR_SECONDS = 3600
DAY_SECONDS = 24 * HOUR_SECONDS
JUMPS_SECONDS = (-2 * HOUR_SECONDS, 30 * DAY_SECONDS, -400 * DAY_SECONDS, 0)
DEVICES = 10
STAYS_EACH = 20
BETWEEN = 40
SECONDS_MAX = 300


async def jump(server: ServerProcess, fleet: Fleet, clock: MachineClock) -> list[str]:
    """Set the clock each time more was promised; return what the register thinks of each."""
    said: list[str] = []
    async with httpx.AsyncClient(base_url=server.url) as http:
        for number, seconds in enumerate(JUMPS_SECONDS):
            count = (number + 1) * BETWEEN
            await fleet.history.until(lambda count=count: len(fleet.history.promised) >= count)
            clock.put_off(seconds)
            said.append((await http.get("/readyz")).json()["clock"])
    return said


async def test_a_clock_that_jumps_loses_and_doubles_nothing_and_the_log_goes_on(tmp_path: Path):
    clock = MachineClock(tmp_path / "clock")
    server = ServerProcess(tmp_path / "register", clock.run)
    async with server, Fleet(tmp_path, server.url, Weather(seed=37), pace=10) as fleet:
        await fleet.add(DEVICES)
        async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
            jumping = tasks.create_task(jump(server, fleet, clock))
            await fleet.declare_and_finish(STAYS_EACH)
        await server.stop()
    assert len(fleet.history.saved) == DEVICES * (STAYS_EACH + 2)
    held = await server.read_held()
    assert check(fleet.history, held) == NOTHING
    times = [entry.received_ms for entry in held.entries]
    assert times == sorted(times)
    assert times[-1] - times[0] < DAY_SECONDS * 1000
    before, ahead, behind, after = jumping.result()
    assert (before, after) == ("believed", "believed")
    assert " days ahead of " in ahead
    assert " days behind " in behind
