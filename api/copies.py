"""Opens copies of a register's data that nobody serves: to prove, to restore, to look into."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from typing import NamedTuple, TextIO

from msgspec.structs import replace

from api.database.engine import Engine, Snapshot, Transaction
from api.database.files import copy_file, settle_file
from api.database.migrate import find_missing, find_newest, migrate
from api.database.opening import open_engine, open_held, open_pattern
from api.database.still import copy_still
from api.ledger.committer import now_ms
from api.scratch import open_scratch
from api.settings import Settings


class Copies(NamedTuple):
    """What an inspection compares; `pattern` is empty and as old as what is held."""

    held: Snapshot
    scratch: Transaction
    pattern: Snapshot


@asynccontextmanager
async def open_copy(settings: Settings, held: TextIO | None = None) -> AsyncGenerator[Engine]:
    """Open data that nobody serves, brought to this version alone; `held` is their lock."""
    engine = await open_engine(settings, held)
    try:
        await migrate(engine, now_ms())
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def open_copies(
    settings: Settings, snapshot: Snapshot | None = None
) -> AsyncGenerator[Copies]:
    """Open a read snapshot of a register, served or not, and an empty one to fold it into.

    What it is folded into is a file, whichever engine holds it. A snapshot that is given is looked
    into as it is. Raises DataTorn where there is no register.
    """
    with open_scratch(settings.data_dir) as folder:
        apart = replace(settings, data_dir=folder, database="")
        database = await asyncio.to_thread(copy_still, settings.database_path, folder)
        async with (
            open_copy(apart) as engine,
            nullcontext(snapshot) if snapshot else open_held(settings, database) as held,
            engine.writing() as scratch,
            open_pattern(settings, folder, await find_newest(held), now_ms()) as pattern,
        ):
            yield Copies(held, scratch, pattern)


async def find_missing_in(settings: Settings) -> list[str]:
    """Return the migrations that a register's data lack.

    Raises DataTorn where there is no register, DataLater where a later version was at work.
    """
    async with open_held(settings) as held:
        return await find_missing(held, "postgresql" if settings.database else "sqlite")


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
async def open_aside(settings: Settings) -> AsyncGenerator[Transaction]:
    """Open a read snapshot of what a restore replaces; raises DataTorn where it holds nothing."""
    async with open_held(settings) as tx:
        yield tx
