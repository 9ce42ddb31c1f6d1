"""The power fails at every answer and in every sync: what was answered is there, and is whole."""

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest

from api.app import open_register
from api.settings import Settings
from tests.commands.served import sangkat
from tests.faults.checker import NOTHING, Findings, check
from tests.faults.devices import Fleet
from tests.faults.held import read_file
from tests.faults.history import History
from tests.faults.platters import Disk, Keeps
from tests.faults.power import Outage
from tests.faults.recorded import RecordedProcess, run_recorded
from tests.faults.trace import read_trace
from tests.faults.way import Weather

DEVICES = 10
STAYS_EACH = 12
STAYS_EACH_AT_NIGHT = 60
SEED = 29
SYNCS_BETWEEN = 3
DATABASE = Path("register/register.sqlite3")


def keep_none() -> bool:
    return False


def keep_all() -> bool:
    return True


def keep_first(chance: random.Random) -> Keeps:
    """Everything up to a sector: the last write is torn there."""
    left = iter(range(chance.randrange(200)))
    return lambda: next(left, None) is not None


def keep_some(chance: random.Random) -> Keeps:
    return lambda: chance.random() < 0.5


class Recorded:
    """A run that was watched, and what is found after a loss of power in it."""

    def __init__(self, folder: Path, history: History) -> None:
        self.history = history
        self.trace = folder / "trace"
        self.found = folder / "found"
        self.outage = Outage(Disk(folder))
        self.moments: Counter[str] = Counter()

    def follow(self) -> Iterator[str]:
        """Go through it; yield each answer with receipts and, before it has ended, each sync."""
        with self.trace.open() as lines:
            for moment in self.outage.follow(read_trace(lines)):
                self.moments[moment] += 1
                yield moment

    def lose_power(self, keeps: Keeps) -> None:
        """Leave in `found` what the disk holds now."""
        shutil.rmtree(self.found, ignore_errors=True)
        self.found.mkdir()
        self.outage.disk.crash(self.found, keeps)

    def look(self, keeps: Keeps) -> Findings:
        """Return what is wrong after a loss of power now, given what had been answered."""
        self.lose_power(keeps)
        known = History()
        known.promised, known.keys = self.outage.promised, self.history.keys
        return check(known, read_file(self.found / DATABASE))

    async def start(self, keeps: Keeps) -> None:
        """Start a register on what is found after a loss of power now."""
        self.lose_power(keeps)
        async with open_register(Settings(data_dir=self.found / DATABASE.parent)):
            pass


async def record(folder: Path, module: str, stays_each: int) -> Recorded:
    """Let phones send to a register that is watched from its first start to its end."""
    watched = partial(run_recorded, folder / "trace", module)
    server = RecordedProcess(folder / "register", watched)
    async with server, Fleet(folder, server.url, Weather(seed=SEED), pace=10) as fleet:
        await fleet.add(DEVICES)
        await fleet.declare_and_finish(stays_each)
        await server.stop()
    assert check(fleet.history, read_file(server.database)) == NOTHING
    return Recorded(folder, fleet.history)


async def lose_power_everywhere(run: Recorded, seed: int, syncs_between: int) -> None:
    """Lose it at each answer, where nothing unsynced lasts and otherwise, and in some syncs."""
    chance = random.Random(seed)
    ways = cycle([lambda _: keep_all, keep_first, keep_some])
    for moment in run.follow():
        if not run.outage.promised:
            await run.start(keep_none)
        elif moment == "answer":
            assert run.look(keep_none) == NOTHING, seed
            assert run.look(next(ways)(chance)) == NOTHING, seed
        elif run.moments[moment] % syncs_between == 0:
            assert run.look(next(ways)(chance)) == NOTHING, seed


def check_end(run: Recorded) -> None:
    """Every receipt was seen to leave, and what lasts at the end is a register with its keys."""
    assert run.outage.promised == run.history.promised
    assert min(run.moments["answer"], run.moments["sync"]) > DEVICES
    assert run.look(keep_none) == NOTHING
    done = sangkat("verify", data=run.found / DATABASE.parent)
    assert done.returncode == 0, done.stdout


async def test_a_loss_of_power_at_any_moment_loses_nothing_that_was_answered(tmp_path: Path):
    run = await record(tmp_path, "tests.faults.recorded", STAYS_EACH)
    await lose_power_everywhere(run, SEED, SYNCS_BETWEEN)
    check_end(run)


@pytest.mark.nightly
async def test_a_loss_of_power_at_any_moment_of_a_long_run_loses_nothing(tmp_path: Path):
    run = await record(tmp_path, "tests.faults.recorded", STAYS_EACH_AT_NIGHT)
    await lose_power_everywhere(run, random.SystemRandom().randrange(2**32), 1)
    check_end(run)


async def test_a_register_that_does_not_wait_for_its_disk_is_found_out(tmp_path: Path):
    run = await record(tmp_path, "tests.faults.slack", STAYS_EACH)
    looks = [run.look(keep_none) for moment in run.follow() if moment == "answer"]
    losing = [findings for findings in looks if findings.broken]
    assert len(losing) > len(looks) / 2
