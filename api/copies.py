"""Opens copies of a register's data that nobody serves: to prove, to restore, to look into."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from api.database.engine import Engine, Snapshot, Transaction
from api.database.migrate import find_missing, find_newest, migrate
from api.database.sqlite import check_begun, copy_file, open_snapshot, open_sqlite, settle_file
from api.database.still import copy_still
from api.ledger.committer import now_ms
from api.scratch import open_scratch
from api.settings import Settings


class Copies(NamedTuple):
    """What an inspection compares; `pattern` is empty and as old as what is held."""

    held: Snapshot
    scratch: Transaction
    pattern: Transaction


@asynccontextmanager
async def open_copy(settings: Settings) -> AsyncGenerator[Engine]:
    """Open data that nobody serves, brought to this version and nothing added."""
    engine = await open_sqlite(settings.database_path)
    try:
        await migrate(engine, "sqlite", now_ms())
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def open_copies(settings: Settings) -> AsyncGenerator[Copies]:
    """Open a read snapshot of a register, served or not, and an empty one to fold it into.

    Raises DataTorn where there is no register.
    """
    with open_scratch(settings.data_dir) as folder:
        apart = replace(settings, data_dir=folder)
        database = await asyncio.to_thread(copy_still, settings.database_path, folder)
        async with (
            open_copy(apart) as engine,
            open_snapshot(database) as held,
            engine.writing() as scratch,
            _open_pattern(folder, await _find_newest(held, settings)) as pattern,
        ):
            yield Copies(held, scratch, pattern)


async def _find_newest(held: Transaction, settings: Settings) -> str:
    await check_begun(held, settings.database_path)
    return await find_newest(held)


@asynccontextmanager
async def _open_pattern(folder: Path, newest: str) -> AsyncGenerator[Transaction]:
    """Open an empty database as migrations up to this one make it: a backup may be older."""
    engine = await open_sqlite(folder / "pattern.sqlite3")
    try:
        await migrate(engine, "sqlite", now_ms(), newest)
        async with engine.reading() as tx:
            yield tx
    finally:
        await engine.close()


async def find_missing_in(settings: Settings) -> list[str]:
    """Return the migrations that a register's data lack.

    Raises DataTorn where there is no register, DataLater where a later version was at work.
    """
    async with open_snapshot(settings.database_path) as held:
        await check_begun(held, settings.database_path)
        return await find_missing(held, "sqlite")


async def copy_database(settings: Settings, apart: Settings) -> None:
    """Copy a register's database to where other settings have theirs."""
    await copy_file(settings.database_path, apart.database_path)


async def settle(settings: Settings) -> None:
    """Leave a database that nobody serves without a write-ahead log, so that it can be replaced.

    Raises Overloaded while another program reads it.
    """
    path = settings.database_path
    await settle_file(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


@asynccontextmanager
async def open_aside(database: Path) -> AsyncGenerator[Transaction]:
    """Open a read snapshot of what a restore replaces."""
    async with open_snapshot(database) as tx:
        yield tx
