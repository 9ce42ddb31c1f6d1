"""A transaction that tells how SQLite finds what it is asked: by an index, or by walking."""

from collections.abc import Mapping, Sequence

from api.database.engine import Parameter, Row, Transaction, Value


class Explaining:
    """A transaction that notes the plan of each statement before it runs it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.plans: list[str] = []

    async def all(self, sql: str, /, **parameters: Parameter) -> list[Row]:
        rows = await self._tx.all(f"EXPLAIN QUERY PLAN {sql}", **parameters)
        self.plans += [row[3] for row in rows]
        return await self._tx.all(sql, **parameters)

    async def all_each(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> list[Row]:
        return [found for row in rows for found in await self.all(sql, **row)]

    async def one(self, sql: str, /, **parameters: Parameter) -> Row | None:
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def run(self, sql: str, /, **parameters: Parameter) -> int:
        return await self._tx.run(sql, **parameters)

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        await self._tx.run_many(sql, rows)
