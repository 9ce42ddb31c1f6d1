"""Opens a register's database: a SQLite file in its folder, or PostgreSQL where one is named."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from api.database.engine import Engine, Filling, Snapshot, Unreachable
from api.database.files import open_snapshot
from api.database.migrate import migrate
from api.database.sqlite import open_sqlite
from api.settings import DataTorn, Settings


async def open_engine(settings: Settings, held: TextIO | None = None) -> Engine:
    """Open the database for writing; raises AlreadyServed where only one process may.

    `held` is the lock of the file, where the caller has it. Raises Unreachable where PostgreSQL
    does not let us in.
    """
    if not settings.database:
        return await open_sqlite(settings.database_path, held)
    engine: Engine = await _postgresql().open_postgresql(settings.database, settings.log)
    return engine


@asynccontextmanager
async def open_held(settings: Settings, database: Path | None = None) -> AsyncGenerator[Snapshot]:
    """Open one read snapshot of a register, served or not; raises DataTorn where there is none.

    `database` is a copy of the SQLite file, which is read in its place.
    """
    async with _open(settings, database or settings.database_path) as held:
        if not await held.is_begun():
            raise DataTorn(f"{settings.where} holds no register")
        yield held


def _open(settings: Settings, path: Path) -> AbstractAsyncContextManager[Snapshot]:
    if not settings.database:
        return open_snapshot(path)
    snapshot: AbstractAsyncContextManager[Snapshot] = _postgresql().open_snapshot(settings.database)
    return snapshot


@asynccontextmanager
async def open_filling(settings: Settings, now_ms: int) -> AsyncGenerator[Filling]:
    """Open the transaction that fills a PostgreSQL database, with its tables made if need be."""
    engine = await _postgresql().open_postgresql(settings.database, settings.log)
    try:
        await migrate(engine, now_ms)
        async with engine.filling() as tx:
            yield tx
    finally:
        await engine.close()


def open_alone(settings: Settings) -> AbstractAsyncContextManager[Any]:
    """Keep every other writer from the PostgreSQL database that the settings name.

    Raises AlreadyServed while anybody else is connected, Unreachable.
    """
    _postgresql()
    alone: AbstractAsyncContextManager[Any] = import_module("api.database.alone").open_alone(
        settings.database, settings.log
    )
    return alone


@asynccontextmanager
async def open_pattern(
    settings: Settings, folder: Path, newest: str, now_ms: int
) -> AsyncGenerator[Snapshot]:
    """Open an empty database as migrations up to this one make it: a backup may be older."""
    path = folder / "pattern.sqlite3"
    if settings.database:
        async with _postgresql().open_apart(settings.database, settings.log) as (engine, tx):
            await migrate(engine, now_ms, newest)
            yield tx
        return
    engine = await open_sqlite(path)
    try:
        await migrate(engine, now_ms, newest)
    finally:
        await engine.close()
    async with open_snapshot(path) as pattern:
        yield pattern


def _postgresql() -> Any:
    """Return the module of the other engine: the core serves without its extra."""
    try:
        return import_module("api.database.postgresql")
    except ModuleNotFoundError as error:
        why = "PostgreSQL needs the package asyncpg (the extra `postgresql`)"
        raise Unreachable(why, may_pass=False) from error
