"""The register freezes, or is overloaded: patience, nothing lost, no flood of retries."""

import asyncio
from pathlib import Path

from tests.faults.checker import NOTHING, check
from tests.faults.devices import Fleet
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

FREEZE_SECONDS = {"sqlite": 15, "postgresql": 4}
STORM_SECONDS = 6
TRIES_MAX = 1 + 4
SECONDS_MAX = 180
BEFORE = 50


async def test_a_register_that_freezes_loses_and_doubles_nothing(tmp_path: Path, each_engine: str):
    server = ServerProcess(tmp_path / "register")
    async with server, Fleet(tmp_path, server.url, Weather(seed=7)) as fleet:
        await fleet.add(10)
        async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
            declaring = tasks.create_task(fleet.declare_and_finish(20))
            await fleet.history.until(lambda: len(fleet.history.promised) >= BEFORE)
            server.freeze()
            await asyncio.sleep(FREEZE_SECONDS[each_engine])
            assert not declaring.done()
            server.thaw()
        await server.stop()
    assert check(fleet.history, await server.read_held()) == NOTHING
    assert max(fleet.history.attempts.values()) <= TRIES_MAX


async def test_a_storm_of_overload_loses_nothing_and_is_not_fed_with_retries(tmp_path: Path):
    server = ServerProcess(tmp_path / "register")
    async with server, Fleet(tmp_path, server.url, Weather(seed=9)) as fleet:
        await fleet.add(10)
        async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
            tasks.create_task(fleet.declare_and_finish(20))
            await fleet.history.until(lambda: len(fleet.history.promised) >= BEFORE)
            fleet.weather.is_storming = True
            await asyncio.sleep(STORM_SECONDS)
            fleet.weather.is_storming = False
        await server.stop()
    assert fleet.weather.stormed_count >= len(fleet.devices)
    assert check(fleet.history, await server.read_held()) == NOTHING
    assert max(fleet.history.attempts.values()) <= TRIES_MAX
