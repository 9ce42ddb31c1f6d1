"""The data are lost in the middle of a run, a backup comes back: devices notice and send again."""

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from api.__main__ import main
from api.backups import schedule
from tests import engines
from tests.commands.elsewhere import ask, find_database, in_postgresql
from tests.commands.served import sangkat
from tests.faults.checker import NOTHING, check, find_outdated
from tests.faults.devices import Device, Fleet
from tests.faults.process import ServerProcess
from tests.faults.way import Weather
from tests.faults.workers import copy_to_file

SECONDS_MAX = 180


def back_up_often(arguments: list[str]) -> int:
    """Run `sangkat` with a schedule that a test can wait for."""
    schedule.INTERVAL = timedelta(milliseconds=300)
    return main(arguments)


def make_key(server: ServerProcess, key: Path) -> None:
    """Let the register know to whom it seals its backups."""
    run(server, "backup", "--new-identity", key)


def take_backup(server: ServerProcess, folder: Path) -> Path:
    """Put the last scheduled backup where the schedule does not delete it."""
    server.running.wait_until(lambda: any(folder.glob("*.tar.age")))
    return Path(shutil.copy(max(folder.glob("*.tar.age")), folder / "kept"))


def restore(backup: Path, key: Path, server: ServerProcess) -> None:
    """Lose all there is of a register, then put a backup there, which is proved on the way."""
    shutil.rmtree(server.data)
    if engines.is_postgresql():
        ask(server.data, "DROP SCHEMA public CASCADE")
        ask(server.data, "CREATE SCHEMA public")
    run(server, "restore", backup, "--identity", key)


def run(server: ServerProcess, *command: str | Path) -> None:
    """Run a command on the register, wherever its database is."""
    if engines.is_postgresql():
        done = in_postgresql(server.data, *command)
    else:
        done = sangkat(*command, data=server.data)
    assert done.returncode == 0, done.stderr


async def go_on(fleet: Fleet, early: Sequence[Device]) -> None:
    """Let every phone declare something more and finish."""
    async with asyncio.timeout(SECONDS_MAX):
        await fleet.declare(10, early)
        for device in fleet.devices:
            await device.save_stay(fleet.history)
        await fleet.finish()


def check_nothing_is_missing(fleet: Fleet, database: Path) -> None:
    """Ask the database for all that was saved and promised, and for the receipts on the phones."""
    assert check(fleet.history, database) == NOTHING
    receipts = fleet.list_receipts()
    assert len(receipts) == len(fleet.history.saved) - len(fleet.devices)
    assert find_outdated(receipts, database) == []


@pytest.fixture(params=engines.NAMES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of the register's database; none where it is a file."""
    with engines.using(request.param):
        is_file = request.param == "sqlite"
        yield "" if is_file else find_database(tmp_path / "register")


async def test_a_register_whose_data_were_lost_gets_everything_back(tmp_path: Path, database: str):
    key, folder = tmp_path / "key.txt", tmp_path / "backups"
    folder.mkdir()
    told = {"SANGKAT_BACKUPS": str(folder), "SANGKAT_DATABASE": database}
    server = ServerProcess(tmp_path / "register", back_up_often, **told)
    async with server, Fleet(tmp_path, server.url, Weather(seed=3), pace=10) as fleet:
        await asyncio.to_thread(make_key, server, key)
        early = await fleet.add(6)
        await fleet.declare(10)
        await fleet.finish()
        backup = await asyncio.to_thread(take_backup, server, folder)
        late = await fleet.add(4)
        await fleet.declare(20)
        await fleet.finish(late[:2])
        await server.kill()
        await asyncio.to_thread(restore, backup, key, server)
        fleet.history.forget_promises()
        await server.start()
        await go_on(fleet, early)
        await server.stop()
    held = await copy_to_file(database, tmp_path / "copy") if database else server.database
    check_nothing_is_missing(fleet, held)
    assert fleet.history.answers["/v1/sync/pull", 410] >= len(early)
    assert fleet.history.answers["/oauth/token", 401] >= 2
