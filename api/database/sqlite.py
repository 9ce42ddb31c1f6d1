"""SQLite behind the seam: one writer that also checkpoints, one reader, a lock file."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from functools import partial
from pathlib import Path
from typing import Final, TextIO, TypeVar

from api.database.ballast import Ballast
from api.database.engine import Dialect, Transaction, Work
from api.database.files import BUSY_MS, connect, copy_file, is_begun, translating
from api.database.hops import Glances, SqliteTransaction, Worker, read_here, write_here
from api.database.lock import share_lock, take_lock
from api.problems import Overloaded, StorageFull

T = TypeVar("T")
_FULL: Final = 2
#: How long `check` waits for another program's lock, and for its turn to write.
_CHECK_BUSY_MS: Final = 1_000
_CHECK_SECONDS_MAX: Final = 3
_STATEMENT_END: Final = ";\n"


class SqliteEngine:
    """One SQLite file in WAL mode with `synchronous=FULL`."""

    dialect: Dialect = "sqlite"
    is_shared: bool = False

    def __init__(self, path: Path, writer: Worker, reader: Worker, lock: TextIO) -> None:
        """Use `open_sqlite` instead."""
        self._path = path
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._writing = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._glances = Glances(reader, self._reading)
        self._ballast: Ballast | None = None

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Transaction]:
        """Open the one writing transaction: durable when the block ends, undone when it raises."""
        async with self._writing:
            tx = SqliteTransaction(self._writer.hop, "BEGIN IMMEDIATE")
            try:
                with self._telling():
                    yield tx
                    await tx.commit()
            except BaseException:
                await self._writer.rollback()
                raise

    def migrating(self) -> AbstractAsyncContextManager[Transaction]:
        """Open the writing transaction: nobody else can have the file open for it."""
        return self.writing()

    def split_script(self, script: str) -> list[str]:
        """Return the statements: SQLite runs one at a time."""
        return [part for part in script.split(_STATEMENT_END) if part.strip()]

    async def begin_log(self, tx: Transaction) -> None:
        """Make nothing: the tables take any log."""
        del tx

    async def write(self, work: Work[T]) -> T:
        """Return what `work` returns once its writing transaction is durable; undone if it raises.

        All of it goes to the writer's thread in one hop, so that it may await nothing else.
        """
        async with self._writing:
            with self._telling():
                return await self._writer.hop(partial(write_here, work))

    async def insist(self, work: Work[T]) -> T:
        """Write as `write` does, once more when the first time has given the ballast up."""
        try:
            return await self.write(work)
        except StorageFull:
            return await self.write(work)

    async def read(self, work: Work[T]) -> T:
        """Return what `work` returns of one read snapshot, all of it in one hop."""
        async with self._reading:
            with self._telling():
                return await self._reader.hop(partial(read_here, work))

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """Open one read snapshot; a single reader beats several (reference/server.md)."""
        async with self._reading:
            try:
                with self._telling():
                    yield SqliteTransaction(self._reader.hop, "BEGIN")
            finally:
                await self._reader.rollback()

    @asynccontextmanager
    async def glancing(self) -> AsyncGenerator[Transaction]:
        """Open a reader for one statement, which is a snapshot by itself and costs one hop."""
        with self._telling():
            yield SqliteTransaction(self._glances.ask, None)

    async def is_begun(self) -> bool:
        """Return whether the file holds more than an empty database."""
        async with self.glancing() as tx:
            return await is_begun(tx)

    async def check(self) -> dict[str, str]:
        """Return journal mode and synchronous; raises RuntimeError unless WAL and FULL.

        Raises Overloaded where no transaction could be begun within a few seconds.
        """
        try:
            with self._telling():
                async with asyncio.timeout(_CHECK_SECONDS_MAX), self._writing:
                    pragmas = await self._writer.hop(_try_to_write)
        except TimeoutError as error:
            raise Overloaded from error
        if pragmas != {"journal_mode": "wal", "synchronous": str(_FULL)}:
            message = f"not durable: {pragmas}"
            raise RuntimeError(message)
        return {**pragmas, "sqlite": sqlite3.sqlite_version}

    async def hold_room(self) -> None:
        """Keep a ballast file beside the database from now on."""
        self._ballast = Ballast(self._path.with_name("ballast"))
        await asyncio.to_thread(self._ballast.make)

    async def has_room(self) -> bool:
        """Return whether the ballast is held, or can be held again; True where none is kept."""
        ballast = self._ballast
        return ballast is None or ballast.is_held or await asyncio.to_thread(ballast.make)

    @contextmanager
    def _telling(self) -> Generator[None]:
        """Tell what stands in the way, and give the ballast up for a full disk."""
        try:
            with translating():
                yield
        except StorageFull:
            if self._ballast is not None:
                self._ballast.give_up()
            raise

    @property
    def copy_name(self) -> str:
        """The name that the file has in every register's folder."""
        return "register.sqlite3"

    async def backup(self, target: Path) -> None:
        """Write a consistent copy of what is committed; neither writer nor reader waits for it."""
        await copy_file(self._path, target)

    async def close(self) -> None:
        """Close both connections; a connection left open would hang the exit."""
        await self._reader.close()
        await self._writer.close()
        self._lock.close()


async def open_sqlite(path: Path, held: TextIO | None = None) -> SqliteEngine:
    """Open a register's file; raises AlreadyServed when another process holds its lock.

    A lock that the caller holds already is shared, and stays his after the engine is closed.
    """
    lock = take_lock(path) if held is None else share_lock(held)
    async with AsyncExitStack() as opened:
        opened.callback(lock.close)
        writer = await connect(path)
        opened.push_async_callback(writer.close)
        reader = await connect(path)
        opened.push_async_callback(reader.close)
        await reader.execute("PRAGMA query_only = ON")
        opened.pop_all()  # now the engine closes them
    return SqliteEngine(path, writer, reader, lock)


def _try_to_write(connection: sqlite3.Connection) -> dict[str, str]:
    """Begin a transaction and leave it again; return what its durability would rest on."""
    connection.execute(f"PRAGMA busy_timeout = {_CHECK_BUSY_MS}")
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.rollback()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return {
        name: str(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("journal_mode", "synchronous")
    }
