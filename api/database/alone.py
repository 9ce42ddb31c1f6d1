"""A PostgreSQL database that nobody else writes: what a restore puts there, or an upgrade changes.

Who holds it has the head of every log locked in one transaction, and nobody else is connected. What
becomes visible does so when that transaction commits, all at once.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from api.database.apart import Apart
from api.database.connecting import PASSING, Connection, connect, lead_to, telling
from api.database.dumps import reading_dump
from api.database.engine import AlreadyServed, DataRefused, Snapshot
from api.database.held import PostgresSnapshot
from api.database.migrate import DataLater, find_missing, grant, list_migrations, migrate

#: Where a restore puts tables together before they are anybody's.
_STAGE: Final = "sangkat_restoring"
_TRIES: Final = 20
_TRY_SECONDS: Final = 0.1
#: Less than what any balancer lets pass before it ends a connection that is silent.
_BEAT_SECONDS: Final = 20

_BEGIN: Final = (
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = 5000;"
    " SET LOCAL idle_in_transaction_session_timeout = 0"
)
_TAKE: Final = "SELECT pg_try_advisory_xact_lock(hashtext('sangkat alone'))"
_HAS_HEADS: Final = "SELECT 1 WHERE to_regclass('heads') IS NOT NULL"
_LOCK_HEADS: Final = "SELECT pos FROM heads ORDER BY log FOR UPDATE"
_LOOK_AGAIN: Final = "SELECT pg_stat_clear_snapshot()"
_COUNT_OTHERS: Final = (
    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND usename IS NOT NULL AND pid <> pg_backend_pid()"
)
_ANY_TABLE: Final = (
    "SELECT 1 FROM pg_class c WHERE c.relnamespace = CAST(current_schema() AS regnamespace)"
    " AND c.relkind IN ('r', 'p') AND NOT EXISTS"
    " (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LIMIT 1"
)
_LIST_SERVERS: Final = (
    "SELECT DISTINCT r.rolname FROM pg_class c, aclexplode(c.relacl) a"
    " JOIN pg_roles r ON r.oid = a.grantee WHERE c.oid = to_regclass('entries')"
    " AND a.privilege_type = 'INSERT' AND r.rolname <> current_user ORDER BY 1"
)
_NAME: Final = (
    "SELECT set_config('sangkat.source', COALESCE(:source, current_schema()), true),"
    " set_config('sangkat.target', COALESCE(:target, current_schema()), true)"
)
_MAKE_TARGET: Final = """
DO $$ BEGIN EXECUTE format('CREATE SCHEMA %I', current_setting('sangkat.target')); END $$
"""
# What an extension brought stays where it is.
_MOVE: Final = """
DO $$
DECLARE
    source TEXT := current_setting('sangkat.source');
    target TEXT := current_setting('sangkat.target');
    held RECORD;
BEGIN
    FOR held IN
        SELECT 'TABLE' AS kind, CAST(c.oid AS regclass)::text AS name FROM pg_class c
        WHERE c.relnamespace = CAST(quote_ident(source) AS regnamespace) AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        UNION ALL
        SELECT 'FUNCTION', CAST(p.oid AS regprocedure)::text FROM pg_proc p
        WHERE p.pronamespace = CAST(quote_ident(source) AS regnamespace)
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER %s %s SET SCHEMA %I', held.kind, held.name, target);
    END LOOP;
END $$
"""
_DROP_STAGE: Final = "DROP SCHEMA IF EXISTS sangkat_restoring CASCADE"
_MAKE_STAGE: Final = f"BEGIN; {_DROP_STAGE}; CREATE SCHEMA sangkat_restoring"


class Alone:
    """The database, for as long as the block lasts."""

    def __init__(self, connection: Connection, dsn: str, log: str) -> None:
        """Use `open_alone` instead."""
        self._connection = connection
        self._dsn = dsn
        self._log = log
        self._tx = PostgresSnapshot(connection)

    @property
    def snapshot(self) -> Snapshot:
        """What will be visible when it is committed."""
        return self._tx

    async def check(self) -> None:
        """Raise AlreadyServed while anybody else is connected; who just left is waited for."""
        for _ in range(_TRIES):
            await self._tx.one(_LOOK_AGAIN)
            row = await self._tx.one(_COUNT_OTHERS)
            if row is None or row[0] == 0:
                return
            await asyncio.sleep(_TRY_SECONDS)
        raise AlreadyServed("others are connected to the database")

    async def is_begun(self) -> bool:
        """Return whether there is any table, of a register or what is left of one."""
        return await self._tx.one(_ANY_TABLE) is not None

    @asynccontextmanager
    async def waiting(self) -> AsyncGenerator[None]:
        """Keep the connection from being cut off as idle; nothing else may be asked of it."""
        is_over = asyncio.Event()
        beating = asyncio.create_task(self._beat(is_over))
        try:
            yield
        finally:
            is_over.set()
            await asyncio.wait([beating])

    async def _beat(self, is_over: asyncio.Event) -> None:
        while not is_over.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_BEAT_SECONDS):
                    await is_over.wait()
            await self._tx.one(_LOOK_AGAIN)

    async def migrate(self, now_ms: int) -> None:
        """Bring the tables to this version, and let who served them go on; raises DataRefused."""
        with telling():
            servers = await self._list_servers()
            await migrate(Apart(self._tx, self._log), now_ms)
            await self._grant(servers)

    async def stage(self, dump: Path, now_ms: int) -> str:
        """Put the rows of a dump into tables of the version that it is of; return their address.

        Nobody sees them there. Raises DumpFailed, DataRefused, DataLater.
        """
        connection = await connect(lead_to(self._dsn, _STAGE))
        try:
            with telling():
                await connection.execute(_MAKE_STAGE)
                await _fill(connection, self._log, dump, now_ms)
                await connection.execute("COMMIT")
        finally:
            await connection.close()
        return lead_to(self._dsn, _STAGE)

    async def swap(self, aside: str) -> bool:
        """Put what was staged in the place of what is there, which gets a schema of this name.

        Returns whether anything was. Nothing is visible before `commit`.
        """
        with telling():
            servers, was_begun = await self._list_servers(), await self.is_begun()
            if was_begun:
                await self._tx.one(_NAME, source=None, target=aside)
                await self._tx.run(_MAKE_TARGET)
                await self._tx.run(_MOVE)
            await self._tx.one(_NAME, source=_STAGE, target=None)
            await self._tx.run(_MOVE)
            await self._tx.run(_DROP_STAGE)
            await self._grant(servers)
        return was_begun

    async def drop_stage(self) -> None:
        """Delete what was staged, for it does not hold; nothing else is kept of the transaction."""
        with suppress(*PASSING):
            await self._connection.execute(f"ROLLBACK; {_DROP_STAGE}")

    async def commit(self) -> None:
        """Let everybody see it; nothing may follow."""
        with telling():
            await self._connection.execute("COMMIT")

    async def _list_servers(self) -> list[str]:
        return [str(name) for (name,) in await self._tx.all(_LIST_SERVERS)]

    async def _grant(self, servers: Sequence[str]) -> None:
        for role in servers:
            await grant(self._tx, role)


@asynccontextmanager
async def open_alone(dsn: str, log: str) -> AsyncGenerator[Alone]:
    """Keep every other writer from a database; undone unless it is committed.

    Raises AlreadyServed while anybody else is connected, Unreachable.
    """
    connection = await connect(dsn)
    try:
        with telling():
            await connection.execute(_BEGIN)
            alone = Alone(connection, dsn, log)
            await _take(alone, connection)
        yield alone
    finally:
        await connection.close()


async def _take(alone: Alone, connection: Connection) -> None:
    tx = PostgresSnapshot(connection)
    row = await tx.one(_TAKE)
    if row is None or not row[0]:
        raise AlreadyServed("another command is at work in the database")
    if await tx.one(_HAS_HEADS):
        await tx.all(_LOCK_HEADS)
    await alone.check()


async def _fill(connection: Connection, log: str, dump: Path, now_ms: int) -> None:
    tx = PostgresSnapshot(connection)
    await migrate(Apart(tx, log), now_ms, await _find_newest(dump))
    await tx.run("DELETE FROM heads")
    await tx.run("DELETE FROM migrations")
    async with reading_dump(dump) as tables:
        async for rows in tables:
            await connection.copy_to_table(rows.table, source=rows.chunks, columns=rows.columns)
    await find_missing(tx, "postgresql")


async def _find_newest(dump: Path) -> str:
    """Return the last migration that a dump's database went through; raises DataLater."""
    known = {path.name for path in list_migrations("postgresql")}
    names: set[str] = set()
    async with reading_dump(dump, "migrations") as tables:
        async for rows in tables:
            place = rows.columns.index("name")
            text = b"".join([chunk async for chunk in rows.chunks]).decode()
            names |= {line.split("\t")[place] for line in text.splitlines()}
    if later := names - known:
        raise DataLater(max(later))
    if not names:
        raise DataRefused("the dump holds no register")
    return max(names)
