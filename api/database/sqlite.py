"""SQLite behind the seam: one writer that also checkpoints, one reader, a lock file."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final, TextIO, TypeVar

import aiosqlite

from api.database.ballast import Ballast
from api.database.engine import Snapshot, Transaction, Work
from api.database.hops import Glances, SqliteTransaction, Worker, read_here, write_here
from api.database.lock import take_lock
from api.problems import Overloaded, Refusal, StorageFull
from api.settings import DataTorn

T = TypeVar("T")
_FULL: Final = 2
_BUSY_MS: Final = 5_000
#: How long `check` waits for another program's lock, and for its turn to write.
_CHECK_BUSY_MS: Final = 1_000
_CHECK_SECONDS_MAX: Final = 3
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
    f"busy_timeout = {_BUSY_MS}",
    f"cache_size = -{_CACHE_KIB}",
)
#: Which part of an error's code says what it is; the rest says where it was met.
_PRIMARY: Final = 0xFF
# SQLite names only a full file system so; a quota or a limit on files is a failed write to it.
_NO_SPACE: Final = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
)


class SqliteEngine:
    """One SQLite file in WAL mode with `synchronous=FULL`."""

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

    async def check(self) -> dict[str, str]:
        """Return journal mode and synchronous; raises RuntimeError unless WAL and FULL.

        Raises Overloaded where no transaction could be begun within a few seconds.
        """
        try:
            with self._telling():
                async with asyncio.timeout(_CHECK_SECONDS_MAX), self._writing:
                    pragmas = await self._writer.hop(_try_to_write)
        except TimeoutError as error:
            raise Overloaded(retry_after=5) from error
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
            with _translating():
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


async def check_begun(tx: Transaction, path: Path) -> None:
    """Raise DataTorn where a file is a database and no register was ever made in it."""
    if await tx.one("SELECT 1 FROM sqlite_master WHERE name = 'migrations'") is None:
        raise DataTorn(f"{path} holds no register")


class SqliteSnapshot(SqliteTransaction):
    """A read snapshot that also has its pages looked through."""

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

    with _translating():
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
    connection = await _connect(path)
    try:
        (state,) = await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        await connection.close()
    if state[0]:
        raise Overloaded(retry_after=5)


async def open_sqlite(path: Path) -> SqliteEngine:
    """Open a register's file; raises AlreadyServed when another process holds its lock."""
    lock = take_lock(path)
    async with AsyncExitStack() as opened:
        opened.callback(lock.close)
        writer = await _connect(path)
        opened.push_async_callback(writer.close)
        reader = await _connect(path)
        opened.push_async_callback(reader.close)
        await reader.execute("PRAGMA query_only = ON")
        opened.pop_all()  # now the engine closes them
    return SqliteEngine(path, writer, reader, lock)


@asynccontextmanager
async def open_snapshot(path: Path) -> AsyncGenerator[Snapshot]:
    """Open one read snapshot of a file, whether or not another process serves it."""
    async with _open_reader(path) as reader:
        yield SqliteSnapshot(reader.hop, "BEGIN")


@asynccontextmanager
async def _open_reader(path: Path) -> AsyncGenerator[Worker]:
    reader = await _connect(path)
    try:
        await reader.execute("PRAGMA query_only = ON")
        yield reader
    finally:
        await reader.close()


async def _connect(path: Path) -> Worker:
    connect = partial(sqlite3.connect, path, isolation_level=None, cached_statements=512)
    connection = Worker(connect, _CHUNK_ROWS)
    await connection
    try:
        with _translating():
            for pragma in _PRAGMAS:
                await connection.execute(f"PRAGMA {pragma}")
    except (sqlite3.Error, Refusal):
        await connection.close()  # its thread would keep the process alive
        raise
    return connection


@contextmanager
def _translating() -> Generator[None]:
    """Raise StorageFull for a full disk, and Overloaded for a lock."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & _PRIMARY == sqlite3.SQLITE_BUSY:
            raise Overloaded(retry_after=5) from error
        if error.sqlite_errorcode not in _NO_SPACE:
            raise
        raise StorageFull(retry_after=60) from error


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


def _try_to_write(connection: sqlite3.Connection) -> dict[str, str]:
    """Begin a transaction and leave it again; return what its durability would rest on."""
    connection.execute(f"PRAGMA busy_timeout = {_CHECK_BUSY_MS}")
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.rollback()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    return {
        name: str(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("journal_mode", "synchronous")
    }
