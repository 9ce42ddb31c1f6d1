"""Phones far out: 20 kB a second, 600 ms there and back, every tenth packet lost, and a cut."""

import asyncio
import time
from pathlib import Path

import pytest

from tests.faults.checker import NOTHING, check, find_outdated
from tests.faults.devices import Fleet
from tests.faults.link import linked
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

pytestmark = pytest.mark.nightly
PHONES = 10
STAYS_EACH = 30
BEFORE = 100
CUT_SECONDS = 30
SECONDS_MAX = 900


async def test_a_slow_link_that_is_cut_for_half_a_minute_loses_and_doubles_nothing(tmp_path: Path):
    server = ServerProcess(tmp_path / "register")
    async with linked(server.port, seed=59) as link:
        server.say(SANGKAT_BASE_URL=link.url)
        async with server, Fleet(tmp_path, link.url, Weather(seed=59), pause_seconds=4) as fleet:
            await fleet.add(PHONES)
            began = time.monotonic()
            async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
                tasks.create_task(fleet.declare_and_finish(STAYS_EACH))
                await fleet.history.until(lambda: len(fleet.history.promised) >= BEFORE)
                await asyncio.to_thread(link.cut)
                await asyncio.sleep(CUT_SECONDS)
                await asyncio.to_thread(link.mend)
            seconds = time.monotonic() - began
            await server.stop()
    history = fleet.history
    held = await server.read_held()
    assert check(history, held) == NOTHING
    assert find_outdated(fleet.list_receipts(), held) == []
    again = sum(history.attempts.values()) - len(history.attempts)
    said = f"{len(history.saved)} saved, {again} sent again, {link.lost_count} packets lost"
    print(f"{said}, {link.bytes_count / 1000:.0f} kB in {seconds:.0f} s")
