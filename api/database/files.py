"""SQLite files opened: connections with their settings, snapshots of data at rest, copies."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import aiosqlite

from api.database.engine import Snapshot, Transaction
from api.database.hops import SqliteTransaction, Worker
from api.problems import Overloaded, Refusal, StorageFull

#: How long another program's lock is waited for.
BUSY_MS: Final = 5_000
_CHUNK_ROWS: Final = 64
#: A copy leaves the disk to the writer after this many pages (8 MiB), for so long.
_COPY_PAGES: Final = 2_048
_COPY_PAUSE_SECONDS: Final = 0.002
_CACHE_KIB: Final = 32_768
_PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    f"busy_timeout = {BUSY_MS}",
    f"cache_size = -{_CACHE_KIB}",
)
#: Which part of an error's code says what it is; the rest says where it was met.
_PRIMARY: Final = 0xFF
# SQLite names only a full file system so; a quota or a limit on files is a failed write to it.
_NO_SPACE: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
)


class SqliteSnapshot(SqliteTransaction):
    """A read snapshot that also has its pages looked through."""

    async def is_begun(self) -> bool:
        """Return whether the file holds more than an empty database."""
        return await is_begun(self)

    async def list_schema(self) -> dict[tuple[str, str], str]:
        """Return the SQL that each object was made by; SQLite's statistics are none."""
        rows = await self.all(
            "SELECT type, name, COALESCE(sql, '') FROM sqlite_master"
            " WHERE name NOT GLOB 'sqlite_stat[1-4]'"
        )
        return {(kind, name): sql for kind, name, sql in rows}

    async def find_damage(self) -> list[str]:
        """Return what SQLite says of its pages, indexes and constraints.

        There are no foreign keys: what belongs together follows from the log.
        """
        said = await self._ask(_look_through)
        return [line for line in said if line != "ok" and not line.startswith("***")]


async def copy_file(path: Path, target: Path) -> None:
    """Write a consistent copy of a file, whoever writes it meanwhile, a few pages at a time.

    One snapshot holds from beginning to end: without it each commit would begin the copy anew.
    """
    is_over = threading.Event()

    def pause(*_: int) -> None:
        if is_over.wait(_COPY_PAUSE_SECONDS):
            raise asyncio.CancelledError

    with translating():
        async with _open_reader(path) as source, aiosqlite.connect(target) as copy:
            # The copy counts once all of it is there and hashed; before, it need not be durable.
            await copy.execute("PRAGMA synchronous = OFF")
            await source.execute("BEGIN")
            await source.execute_fetchall("SELECT COUNT(*) FROM sqlite_master")
            try:
                await source.backup(copy, pages=_COPY_PAGES, progress=pause)
            finally:
                is_over.set()


async def settle_file(path: Path) -> None:
    """Carry a file's write-ahead log into it; raises Overloaded while somebody reads it."""
    connection = await connect(path)
    try:
        (state,) = await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        await connection.close()
    if state[0]:
        raise Overloaded


@asynccontextmanager
async def open_snapshot(path: Path) -> AsyncGenerator[Snapshot]:
    """Open one read snapshot of a file, whether or not another process serves it."""
    async with _open_reader(path) as reader:
        yield SqliteSnapshot(reader.hop, "BEGIN")


@asynccontextmanager
async def _open_reader(path: Path) -> AsyncGenerator[Worker]:
    reader = await connect(path)
    try:
        await reader.execute("PRAGMA query_only = ON")
        yield reader
    finally:
        await reader.close()


async def connect(path: Path) -> Worker:
    connect = partial(sqlite3.connect, path, isolation_level=None, cached_statements=512)
    connection = Worker(connect, _CHUNK_ROWS)
    await connection
    try:
        with translating():
            for pragma in _PRAGMAS:
                await connection.execute(f"PRAGMA {pragma}")
    except (sqlite3.Error, Refusal):
        await connection.close()  # its thread would keep the process alive
        raise
    return connection


async def is_begun(tx: Transaction) -> bool:
    return await tx.one("SELECT 1 FROM sqlite_master WHERE name = 'migrations'") is not None


@contextmanager
def translating() -> Generator[None]:
    """Raise StorageFull for a full disk, and Overloaded for a lock."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & _PRIMARY == sqlite3.SQLITE_BUSY:
            raise Overloaded from error
        if error.sqlite_errorcode not in _NO_SPACE:
            raise
        raise StorageFull from error


def _look_through(connection: sqlite3.Connection) -> list[str]:
    """Return SQLite's lines; some damage ends its look."""
    said: list[str] = []
    try:
        for (text,) in connection.execute("PRAGMA integrity_check"):
            said += text.splitlines()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_CORRUPT:
            raise
        said.append(str(error))
    return said
