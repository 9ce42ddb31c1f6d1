"""An old copy of the database comes back in the middle of a run: devices notice and send again."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.checker import NOTHING, check, find_outdated
from tests.faults.devices import Fleet
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

SECONDS_MAX = 180


def copy_database(source: Path, target: Path) -> None:
    """Take a consistent copy while the register runs."""
    with closing(sqlite3.connect(source)) as file, closing(sqlite3.connect(target)) as copy:
        file.backup(copy)


def put_back(copy: Path, database: Path) -> None:
    """Replace the register's file by an older one, as an operator does after a broken disk."""
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    copy.replace(database)


async def test_a_register_restored_from_an_old_copy_gets_everything_back(tmp_path: Path):
    server, copy = ServerProcess(tmp_path / "register"), tmp_path / "copy.sqlite3"
    async with server, Fleet(tmp_path, server.url, Weather(seed=3), pace=10) as fleet:
        early = await fleet.add(6)
        await fleet.declare(10)
        await fleet.finish()
        copy_database(server.database, copy)
        late = await fleet.add(4)
        await fleet.declare(20)
        await fleet.finish(late[:2])
        await server.kill()
        put_back(copy, server.database)
        fleet.history.forget_promises()
        await server.start()
        async with asyncio.timeout(SECONDS_MAX):
            await fleet.declare(10, early)
            for device in fleet.devices:
                await device.save_stay(fleet.history)
            await fleet.finish()
        await server.stop()
    history = fleet.history
    assert history.answers["/v1/sync/pull", 410] >= len(early)
    assert history.answers["/oauth/token", 401] >= 2
    assert check(history, server.database) == NOTHING
    receipts = fleet.list_receipts()
    assert len(receipts) == len(history.saved) - len(fleet.devices)
    assert find_outdated(receipts, server.database) == []
