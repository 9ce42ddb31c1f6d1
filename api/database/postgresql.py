"""PostgreSQL behind the seam: every writer locks the head of its log first, so all are one line.

What other writers of the same log may have changed is read only after that lock: transactions run
at READ COMMITTED and follow one another, as SQLite's do. No sequences, no advisory locks but while
tables change, nothing that outlives a transaction: it runs behind a pool of connections.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from api.database.apart import Apart, begin_log
from api.database.connecting import (
    PASSING,
    Connection,
    Pool,
    connect,
    open_pool,
    translating,
)
from api.database.dumps import dump
from api.database.engine import Dialect, Filling, Snapshot, Transaction, Work
from api.database.held import PostgresSnapshot, is_begun
from api.database.statements import PostgresFilling, PostgresTransaction
from api.problems import Overloaded

T = TypeVar("T")

#: How many connections a process opens at most: one writes, the others read.
CONNECTIONS_MAX: Final = 10
#: How long a writer waits for the head of the log, and how long a process that hangs may hold it.
_LOCK_MS: Final = 5_000
_IDLE_MS: Final = 10_000
_CHECK_SECONDS_MAX: Final = 3
#: After what pauses a passing failure is met again, before the client is told to come later. A
#: server that does not even refuse takes its time each time: it is not waited for beyond the sum.
_PAUSES_SECONDS: Final = (0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 1.28)
_INSIST_SECONDS: Final = 4
_ROLL_BACK_SECONDS_MAX: Final = 2

_LIMITS: Final = (
    f"SET LOCAL lock_timeout = {_LOCK_MS};"
    f" SET LOCAL idle_in_transaction_session_timeout = {_IDLE_MS}"
)
_LOCK_MIGRATIONS: Final = "SELECT pg_advisory_xact_lock(hashtext('sangkat migrations'))"
_BEGIN_WRITING: Final = f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {_LIMITS}"
_BEGIN_READING: Final = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_LIMITS}"
_BEGIN_APART: Final = (
    "BEGIN; CREATE SCHEMA sangkat_pattern; SET LOCAL search_path = sangkat_pattern, pg_catalog"
)


class PostgresEngine:
    """One log in a PostgreSQL database, which several processes may serve together."""

    dialect: Dialect = "postgresql"
    is_shared: bool = True

    def __init__(self, pool: Pool, dsn: str, log: str) -> None:
        """Use `open_postgresql` instead."""
        self._pool = pool
        self._dsn = dsn
        self._log = log
        # The writers of one process wait here, and only one of them at the head of the log.
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[Transaction]:
        """Open a writing transaction that holds the log's head; it is not tried again."""
        async with self._turn:
            with translating():
                async with self._begun(_BEGIN_WRITING) as connection:
                    await self._lock_head(connection)
                    yield PostgresTransaction(connection)

    @asynccontextmanager
    async def migrating(self) -> AsyncGenerator[Transaction]:
        """Open the transaction that changes the schema; one at a time in the whole database."""
        with translating():
            async with self._begun(_BEGIN_WRITING) as connection:
                # Not in the write path, and before there is any row to lock.
                await connection.execute(_LOCK_MIGRATIONS)
                yield PostgresTransaction(connection)

    @asynccontextmanager
    async def filling(self) -> AsyncGenerator[Filling]:
        """Open the transaction that fills an empty log, and its head with the rest."""
        with translating():
            async with self._begun(_BEGIN_WRITING) as connection:
                await self._lock_head(connection)
                empty = "DELETE FROM heads WHERE log = $1 AND pos = 0"
                await connection.execute(empty, self._log)
                yield PostgresFilling(connection)

    def split_script(self, script: str) -> list[str]:
        """Return the script whole: PostgreSQL takes several statements at once."""
        return [script]

    async def write(self, work: Work[T]) -> T:
        """Return what `work` returns once it is durable; a passing failure runs it again."""
        with translating():
            async with self._turn:
                return await _insist(partial(self._write_once, work))

    async def insist(self, work: Work[T]) -> T:
        """Write as `write` does: the reserve of space is the database server's own matter."""
        return await self.write(work)

    async def _write_once(self, work: Work[T]) -> T:
        async with self._begun(_BEGIN_WRITING) as connection:
            await self._lock_head(connection)
            return await work(PostgresTransaction(connection))

    async def read(self, work: Work[T]) -> T:
        """Return what `work` returns of one snapshot; a passing failure runs it again."""
        with translating():
            return await _insist(partial(self._read_once, work))

    async def _read_once(self, work: Work[T]) -> T:
        async with self._begun(_BEGIN_READING) as connection:
            return await work(PostgresTransaction(connection))

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """Open one read snapshot."""
        with translating():
            async with self._begun(_BEGIN_READING) as connection:
                yield PostgresTransaction(connection)

    @asynccontextmanager
    async def glancing(self) -> AsyncGenerator[Transaction]:
        """Take a connection for one statement, which is a snapshot by itself."""
        with translating():
            async with self._pool.acquire() as connection:
                yield PostgresTransaction(connection)

    @asynccontextmanager
    async def _begun(self, begin: str) -> AsyncGenerator[Connection]:
        """Keep a transaction open for a block: committed at its end, undone when it raises."""
        async with self._pool.acquire() as connection:
            try:
                await connection.execute(begin)
                yield connection
                await connection.execute("COMMIT")
            except BaseException:
                await _roll_back(connection)
                raise

    async def _lock_head(self, connection: Connection) -> None:
        """Wait until no other writer of the log is left; its head may not be there yet."""
        await connection.execute("SELECT pos FROM heads WHERE log = $1 FOR UPDATE", self._log)

    async def begin_log(self, tx: Transaction) -> None:
        """Give the log its partitions and the row that its writers lock, where they are missing."""
        await begin_log(tx, self._log)

    async def is_begun(self) -> bool:
        """Return whether a register was ever made in the database."""
        async with self.glancing() as tx:
            return await is_begun(tx)

    async def check(self) -> dict[str, str]:
        """Return what durability rests on; raises RuntimeError when the server does not sync.

        Raises Overloaded where no transaction could take the head within a few seconds.
        """
        try:
            async with asyncio.timeout(_CHECK_SECONDS_MAX), self.writing() as tx:
                found = {name: await _show(tx, name) for name in _DURABLE}
                version = await _show(tx, "server_version")
        except TimeoutError as error:
            raise Overloaded from error
        if wrong := {name: found[name] for name, bad in _DURABLE.items() if found[name] in bad}:
            message = f"not durable: {wrong}"
            raise RuntimeError(message)
        return {**found, "postgresql": version.partition(" ")[0]}

    async def hold_room(self) -> None:
        """Keep nothing: the database server's disk is looked after there."""

    async def has_room(self) -> bool:
        """Return True; a full disk is told by the write that meets it."""
        return True

    @property
    def copy_name(self) -> str:
        """The name of a dump in an archive."""
        return "register.pgdump"

    async def backup(self, target: Path) -> None:
        """Write a consistent dump while the register goes on; raises DumpFailed."""
        await dump(self._dsn, target)

    async def close(self) -> None:
        """Close every connection."""
        try:
            async with asyncio.timeout(_CHECK_SECONDS_MAX):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()


#: Settings of the server, and the values with which an acknowledgement could be lost.
_DURABLE: Final = {
    "fsync": ("off",),
    "full_page_writes": ("off",),
    "synchronous_commit": ("off",),
    "transaction_read_only": ("on",),
}


async def open_postgresql(dsn: str, log: str) -> PostgresEngine:
    """Connect to `postgresql://…` for one log; raises Unreachable."""
    return PostgresEngine(await open_pool(dsn, CONNECTIONS_MAX), dsn, log)


@asynccontextmanager
async def open_snapshot(dsn: str) -> AsyncGenerator[Snapshot]:
    """Open one read snapshot of a database, whether or not others serve it; raises Unreachable."""
    connection = await connect(dsn)
    try:
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield PostgresSnapshot(connection)
    finally:
        await connection.close()


@asynccontextmanager
async def open_apart(dsn: str, log: str) -> AsyncGenerator[tuple["Apart", Snapshot]]:
    """Open a schema of its own in a transaction that is undone: to see what migrations make."""
    connection = await connect(dsn)
    try:
        await connection.execute(_BEGIN_APART)
        tx = PostgresSnapshot(connection)
        yield Apart(tx, log), tx
    finally:
        await connection.close()


async def _show(tx: Transaction, name: str) -> str:
    row = await tx.one("SELECT current_setting(:name)", name=name)
    return "" if row is None else str(row[0])


async def _roll_back(connection: Connection) -> None:
    """Undo what is open; a connection that is gone has nothing to undo."""
    try:
        # Asked whether it is in a transaction, one whose statement was cancelled may not know yet.
        if not connection.is_closed():
            async with asyncio.timeout(_ROLL_BACK_SECONDS_MAX):
                await connection.execute("ROLLBACK")
    except PASSING:
        connection.terminate()


async def _insist(work: Callable[[], Awaitable[T]]) -> T:
    """Run what can be repeated until nothing that passes stands in its way, for four seconds."""
    time = asyncio.get_running_loop().time
    ends = time() + _INSIST_SECONDS
    for pause in _PAUSES_SECONDS:
        with suppress(*PASSING):
            return await work()
        if time() > ends:
            raise Overloaded
        await asyncio.sleep(pause)
    return await work()
