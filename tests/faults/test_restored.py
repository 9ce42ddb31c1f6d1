"""The data are lost in the middle of a run, a backup comes back: devices notice and send again."""

import asyncio
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from api.__main__ import main
from api.backups import schedule
from tests.commands.elsewhere import ask, in_postgresql
from tests.commands.served import sangkat
from tests.faults.checker import NOTHING, check, find_outdated
from tests.faults.devices import Device, Fleet
from tests.faults.held import Held
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

SECONDS_MAX = 180


def back_up_often(arguments: list[str]) -> int:
    """Run `sangkat` with a schedule that a test can wait for."""
    schedule.INTERVAL = timedelta(milliseconds=300)
    return main(arguments)


def make_key(server: ServerProcess, key: Path, engine: str) -> None:
    """Let the register know to whom it seals its backups."""
    run(server, engine, "backup", "--new-identity", key)


def take_backup(server: ServerProcess, folder: Path) -> Path:
    """Put the last scheduled backup where the schedule does not delete it."""
    server.running.wait_until(lambda: any(folder.glob("*.tar.age")))
    return Path(shutil.copy(max(folder.glob("*.tar.age")), folder / "kept"))


def restore(backup: Path, key: Path, server: ServerProcess, engine: str) -> None:
    """Lose all there is of a register, then put a backup there, which is proved on the way."""
    shutil.rmtree(server.data)
    if engine == "postgresql":
        ask(server.data, "DROP SCHEMA public CASCADE")
        ask(server.data, "CREATE SCHEMA public")
    run(server, engine, "restore", backup, "--identity", key)


def run(server: ServerProcess, engine: str, *command: str | Path) -> None:
    """Run a command on the register, wherever its database is."""
    if engine == "postgresql":
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


def check_nothing_is_missing(fleet: Fleet, held: Held) -> None:
    """Ask the database for all that was saved and promised, and for the receipts on the phones."""
    assert check(fleet.history, held) == NOTHING
    receipts = fleet.list_receipts()
    assert len(receipts) == len(fleet.history.saved) - len(fleet.devices)
    assert find_outdated(receipts, held) == []


async def test_a_register_whose_data_were_lost_gets_everything_back(
    tmp_path: Path, each_engine: str
):
    key, folder = tmp_path / "key.txt", tmp_path / "backups"
    folder.mkdir()
    server = ServerProcess(tmp_path / "register", back_up_often, SANGKAT_BACKUPS=str(folder))
    async with server, Fleet(tmp_path, server.url, Weather(seed=3), pace=10) as fleet:
        await asyncio.to_thread(make_key, server, key, each_engine)
        early = await fleet.add(6)
        await fleet.declare(10)
        await fleet.finish()
        backup = await asyncio.to_thread(take_backup, server, folder)
        late = await fleet.add(4)
        await fleet.declare(20)
        await fleet.finish(late[:2])
        await server.kill()
        await asyncio.to_thread(restore, backup, key, server, each_engine)
        fleet.history.forget_promises()
        await server.start()
        await go_on(fleet, early)
        await server.stop()
    check_nothing_is_missing(fleet, await server.read_held())
    assert fleet.history.answers["/v1/sync/pull", 410] >= len(early)
    assert fleet.history.answers["/oauth/token", 401] >= 2
