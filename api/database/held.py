"""A PostgreSQL database that is looked through: what it is made of, and what is wrong with it."""

from typing import Final

from api.database.connecting import telling
from api.database.engine import DataRefused, Parameter, Row, Transaction
from api.database.statements import PostgresTransaction

#: What no role may be granted on what is only ever added to.
_INSERT_ONLY: Final = ("entries", "payloads", "audit")


class PostgresSnapshot(PostgresTransaction):
    """A read snapshot of data that nobody believes yet; reads raise DataRefused."""

    async def all(self, sql: str, /, **parameters: Parameter) -> list[Row]:
        """Return every row."""
        with telling():
            return await super().all(sql, **parameters)

    async def one(self, sql: str, /, **parameters: Parameter) -> Row | None:
        """Return the first row, or None."""
        with telling():
            return await super().one(sql, **parameters)

    async def is_begun(self) -> bool:
        """Return whether a register was ever made in it."""
        return await is_begun(self)

    async def list_schema(self) -> dict[tuple[str, str], str]:
        """Return tables with their columns, constraints, indexes, triggers, functions, grants."""
        found: dict[tuple[str, str], str] = {}
        for kind, sql in _SCHEMA.items():
            found |= {(kind, name): said for name, said in await self.all(sql)}
        changing = await self.all(_MAY_CHANGE, names=_INSERT_ONLY)
        return found | {("grant", f"{name} {right}"): "" for name, right in changing}

    async def find_damage(self) -> list[str]:
        """Return what the extension amcheck says of the indexes, where it is installed."""
        if await self.one(_HAS_AMCHECK) is None:
            return []
        return [
            f"index {name}: {said}"
            for (name,) in await self.all(_INDEXES)
            if (said := await self._look_through(name)) is not None
        ]

    async def _look_through(self, index: str) -> str | None:
        """Return what is wrong with an index; the transaction goes on after it."""
        await self.run("SAVEPOINT look")
        try:
            await self.one("SELECT bt_index_check(to_regclass(:index), true)", index=index)
        except DataRefused as error:
            await self.run("ROLLBACK TO look")
            return str(error)
        await self.run("RELEASE look")
        return None


async def is_begun(tx: Transaction) -> bool:
    """Return whether a register was ever made in the database."""
    return await tx.one("SELECT 1 WHERE to_regclass('migrations') IS NOT NULL") is not None


_HAS_AMCHECK: Final = (
    "SELECT 1 WHERE to_regprocedure('bt_index_check(regclass, boolean)') IS NOT NULL"
)
_INDEXES: Final = (
    "SELECT quote_ident(c.relname) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
    " WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'i'"
    " AND a.amname = 'btree' ORDER BY 1"
)
_SCHEMA: Final = {
    "table": (
        "SELECT c.relname, string_agg(concat_ws(' ', a.attname, format_type(a.atttypid,"
        " a.atttypmod), a.attnotnull, o.collname, pg_get_expr(d.adbin, d.adrelid)), ', '"
        " ORDER BY a.attnum) || COALESCE(pg_get_partkeydef(c.oid), '')"
        " || COALESCE(pg_get_expr(c.relpartbound, c.oid), '')"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
        " AND NOT a.attisdropped LEFT JOIN pg_collation o ON o.oid = a.attcollation"
        " LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum"
        " WHERE c.relnamespace = CAST(current_schema() AS regnamespace)"
        " AND c.relkind IN ('r', 'p', 'v', 'm') GROUP BY c.oid, c.relname, c.relpartbound"
    ),
    "constraint": (
        "SELECT c.relname || ' ' || n.conname, pg_get_constraintdef(n.oid, true)"
        " FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid"
        " WHERE n.connamespace = CAST(current_schema() AS regnamespace)"
    ),
    "index": (
        "SELECT c.relname, pg_get_indexdef(c.oid, 0, true) || ' ' || CAST(i.indisvalid AS text)"
        " FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid"
        " WHERE c.relnamespace = CAST(current_schema() AS regnamespace)"
    ),
    "trigger": (
        "SELECT c.relname || ' ' || t.tgname,"
        " pg_get_triggerdef(t.oid, true) || CAST(t.tgenabled AS text)"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
        " AND c.relnamespace = CAST(current_schema() AS regnamespace)"
    ),
    "function": (
        "SELECT p.proname, p.prosrc FROM pg_proc p"
        " WHERE p.pronamespace = CAST(current_schema() AS regnamespace)"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
    ),
    "rule": "SELECT tablename || ' ' || rulename, definition FROM pg_rules"
    " WHERE schemaname = current_schema()",
}
_MAY_CHANGE: Final = (
    "SELECT DISTINCT c.relname, r.privilege_type FROM pg_class c, aclexplode(c.relacl) r"
    " WHERE c.relnamespace = CAST(current_schema() AS regnamespace)"
    " AND (split_part(c.relname, ' ', 1) IN (:names)"
    " AND r.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')"
    # A head goes forward, which is an update; its owner alone begins and fills a log.
    " OR c.relname = 'heads' AND r.grantee <> c.relowner"
    " AND r.privilege_type IN ('DELETE', 'TRUNCATE'))"
)
