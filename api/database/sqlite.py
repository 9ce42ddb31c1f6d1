"""SQLite behind the seam: one writer that also checkpoints, one reader, a lock file."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Final, TextIO, cast

import aiosqlite

from api.database.engine import Parameter, Row, Transaction, Value
from api.database.lock import take_lock
from api.problems import StorageFull

_LIST: Final = re.compile(r"IN \(:(\w+)\)")
_FULL: Final = 2
_BUSY_MS: Final = 5_000
_CACHE_KIB: Final = 32_768
# SQLite names only a full file system so; a quota or a limit on files is a failed write to it.
_NO_SPACE: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
)


@lru_cache(maxsize=512)
def _expand(sql: str, sizes: tuple[tuple[str, int], ...]) -> str:
    lengths = dict(sizes)

    def names(match: re.Match[str]) -> str:
        name = match.group(1)
        return f"IN ({', '.join(f':{name}_{n}' for n in range(lengths[name]))})"

    return _LIST.sub(names, sql)


def _bind(sql: str, parameters: Mapping[str, Parameter]) -> tuple[str, dict[str, Value]]:
    """Write lists out, padded to a power of two so that statements stay cached."""
    plain: dict[str, Value] = {}
    sizes: list[tuple[str, int]] = []
    for name, value in parameters.items():
        if isinstance(value, str | bytes | int | float | None):
            plain[name] = value
            continue
        size = 1 << (len(value) - 1).bit_length()
        sizes.append((name, size))
        padded = [*value, *[value[-1]] * (size - len(value))]
        plain.update((f"{name}_{n}", part) for n, part in enumerate(padded))
    return (_expand(sql, tuple(sizes)) if sizes else sql), plain


class SqliteTransaction:
    """A transaction on one connection, in the terms of the seam."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        """Take the connection that already began."""
        self._connection = connection

    async def all(self, sql: str, /, **parameters: Parameter) -> list[Row]:
        """Return every row."""
        rows = await self._connection.execute_fetchall(*_bind(sql, parameters))
        return cast("list[Row]", rows)

    async def one(self, sql: str, /, **parameters: Parameter) -> Row | None:
        """Return the first row, or None."""
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def run(self, sql: str, /, **parameters: Parameter) -> int:
        """Run a statement; return how many rows it changed."""
        cursor = await self._connection.execute(*_bind(sql, parameters))
        changed = cursor.rowcount
        await cursor.close()
        return changed

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement once for each row."""
        if rows:
            cursor = await self._connection.executemany(sql, rows)
            await cursor.close()


class SqliteEngine:
    """One SQLite file in WAL mode with `synchronous=FULL`."""

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection, lock: TextIO
    ) -> None:
        """Use `open_sqlite` instead."""
        self._path = path
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._writing = asyncio.Lock()
        self._reading = asyncio.Lock()

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Transaction]:
        """Open the one writing transaction: durable when the block ends, undone when it raises."""
        async with self._writing:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield SqliteTransaction(self._writer)
                await self._writer.commit()
            except BaseException as error:
                await self._writer.rollback()
                if isinstance(error, sqlite3.OperationalError) and _is_full(error):
                    raise StorageFull(retry_after=60) from error
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """Open one read snapshot; a single reader beats several (reference/server.md)."""
        async with self._reading:
            await self._reader.execute("BEGIN")
            try:
                yield SqliteTransaction(self._reader)
            finally:
                await self._reader.rollback()

    @asynccontextmanager
    async def glancing(self) -> AsyncGenerator[Transaction]:
        """Open a reader for one statement, which is a snapshot by itself and costs one hop."""
        async with self._reading:
            yield SqliteTransaction(self._reader)

    async def check(self) -> dict[str, str]:
        """Return journal mode and synchronous; raises RuntimeError unless WAL and FULL."""
        pragmas = {}
        for name in ("journal_mode", "synchronous"):
            rows = list(await self._writer.execute_fetchall(f"PRAGMA {name}"))
            pragmas[name] = str(rows[0][0])
        if pragmas != {"journal_mode": "wal", "synchronous": str(_FULL)}:
            message = f"not durable: {pragmas}"
            raise RuntimeError(message)
        return {**pragmas, "sqlite": sqlite3.sqlite_version}

    async def backup(self, target: Path) -> None:
        """Write a consistent copy of what is committed; neither writer nor reader waits for it."""
        async with _open_reader(self._path) as source, aiosqlite.connect(target) as copy:
            await source.backup(copy)

    async def close(self) -> None:
        """Close both connections; a connection left open would hang the exit."""
        await self._reader.close()
        await self._writer.close()
        self._lock.close()


def _is_full(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode in _NO_SPACE


async def open_sqlite(path: Path) -> SqliteEngine:
    """Open a register's file; raises AlreadyServed when another process holds its lock."""
    lock = take_lock(path)
    writer = await _connect(path)
    reader = await _connect(path)
    await reader.execute("PRAGMA query_only = ON")
    return SqliteEngine(path, writer, reader, lock)


@asynccontextmanager
async def open_snapshot(path: Path) -> AsyncGenerator[Transaction]:
    """Open one read snapshot of a file, whether or not another process serves it."""
    async with _open_reader(path) as reader:
        await reader.execute("BEGIN")
        yield SqliteTransaction(reader)


@asynccontextmanager
async def _open_reader(path: Path) -> AsyncGenerator[aiosqlite.Connection]:
    reader = await _connect(path)
    try:
        await reader.execute("PRAGMA query_only = ON")
        yield reader
    finally:
        await reader.close()


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=512)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"busy_timeout = {_BUSY_MS}",
        f"cache_size = -{_CACHE_KIB}",
    ):
        await connection.execute(f"PRAGMA {pragma}")
    return connection
