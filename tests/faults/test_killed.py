"""The register is killed at any moment, replies are lost, clocks are wrong: nothing is lost."""

import asyncio
from pathlib import Path
from typing import NamedTuple

import pytest

from api.__main__ import main
from tests.faults.checker import NOTHING, Findings, check, find_outdated
from tests.faults.devices import Fleet
from tests.faults.hasty import run_hastily
from tests.faults.process import ServerProcess, killing
from tests.faults.way import Weather
from tests.forking import Run

DEVICES = 20
SECONDS_MAX = 600
SECONDS_MAX_AT_NIGHT = 3_600
TIMES = 5


class Size(NamedTuple):
    """How much phones send, and how often the register starts meanwhile at least."""

    stays_each: int
    starts_min: int


BY_DAY = {"sqlite": Size(98, 4), "postgresql": Size(28, 3)}
AT_NIGHT = Size(498, 10)


async def survive_kills(folder: Path, size: Size, seconds_max: int) -> None:
    """Let phones send while the register is killed every two seconds; ask what became of it."""
    weather = Weather(seed=11, lost=0.3)
    server = ServerProcess(folder / "register")
    fleet = Fleet(folder, server.url, weather, pace=120, pause_seconds=0.4, few=6)
    async with server, fleet:
        await fleet.add(DEVICES)
        async with asyncio.timeout(seconds_max), killing(server, every_seconds=2):
            await fleet.declare(size.stays_each)
            await fleet.finish()
        await server.stop()
    history = fleet.history
    assert len(history.saved) == DEVICES * (size.stays_each + 2)
    assert server.starts >= size.starts_min
    # One in twenty, and far fewer than are lost.
    assert min(weather.lost_count, history.custody["duplicate"]) > DEVICES * size.stays_each // 20
    held = await server.read_held()
    assert check(history, held) == NOTHING
    assert find_outdated(fleet.list_receipts(), held) == []


async def test_what_phones_saved_survives_kills_lost_replies_and_wrong_clocks(
    tmp_path: Path, each_engine: str
):
    await survive_kills(tmp_path, BY_DAY[each_engine], SECONDS_MAX)


@pytest.mark.nightly
async def test_ten_thousand_documents_survive_kills_lost_replies_and_wrong_clocks(tmp_path: Path):
    await survive_kills(tmp_path, AT_NIGHT, SECONDS_MAX_AT_NIGHT)


async def kill_at_the_first_answer(folder: Path, run: Run = main) -> Findings:
    """Send one document, kill the register when it answers, and look at what it holds then."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    server = ServerProcess(folder / "register", run)
    async with server, Fleet(folder, server.url, Weather(seed=1), pace=10) as fleet:
        [device] = await fleet.add(1)
        finishing = asyncio.create_task(device.finish())
        await fleet.history.until(lambda: fleet.history.promised)
        await server.kill()
        findings = check(fleet.history, await server.read_held())
        await server.start()
        await finishing
    return findings


async def test_a_register_killed_when_it_answers_holds_what_it_answered(tmp_path: Path):
    for time in range(TIMES):
        findings = await kill_at_the_first_answer(tmp_path / str(time))
        assert findings.broken == findings.damaged == []


async def test_the_checker_finds_what_a_register_lost_that_answers_before_it_commits(
    tmp_path: Path,
):
    findings = await kill_at_the_first_answer(tmp_path, run_hastily)
    assert len(findings.broken) == 1
    assert set(findings.broken) <= set(findings.lost)
