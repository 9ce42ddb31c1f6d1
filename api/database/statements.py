"""Runs the stores' SQL on PostgreSQL, written as it takes it: parameters by place, lists as arrays.

What is quoted stays as it is. A statement that is run for several rows at once takes them as one
table of arrays, so that it costs one way to the server and back.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from api.database.connecting import UNFIT, Connection
from api.database.engine import Parameter, Row, Value

_LIST: Final = re.compile(r"\b(NOT )?IN \((:\w+)\)")
_NAME: Final = re.compile(r"'(?:[^']|'')*'|(?<!:):(\w+)")
_FOR_EACH: Final = (
    "SELECT found.* FROM unnest({arrays}) AS given({names}) CROSS JOIN LATERAL ({each}) AS found"
)
_ARRAYS: Final[dict[type, str]] = {str: "text", bytes: "bytea", int: "bigint"}


class PostgresTransaction:
    """A transaction or snapshot on one connection, in the terms of the seam."""

    def __init__(self, connection: Connection) -> None:
        """Run on a connection that is in a transaction, or stands for one statement."""
        self._connection = connection

    async def all(self, sql: str, /, **parameters: Parameter) -> list[Row]:
        """Return every row."""
        text, values = bind(sql, parameters)
        return [tuple(row) for row in await self._connection.fetch(text, *values)]

    async def all_each(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> list[Row]:
        """Return every row of a statement run for each of these, asked for in one go."""
        if not rows:
            return []
        text, values = bind_each(sql, rows)
        return [tuple(row) for row in await self._connection.fetch(text, *values)]

    async def one(self, sql: str, /, **parameters: Parameter) -> Row | None:
        """Return the first row, or None."""
        text, values = bind(sql, parameters)
        row = await self._connection.fetchrow(text, *values)
        return None if row is None else tuple(row)

    async def run(self, sql: str, /, **parameters: Parameter) -> int:
        """Run a statement; return how many rows it changed."""
        if not parameters:
            return _count(await self._connection.execute(sql))
        text, values = bind(sql, parameters)
        return _count(await self._connection.execute(text, *values))

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement once for each row, all of them in one go."""
        if rows:
            text, names = by_place(sql)
            values = [[row[name] for name in names] for row in rows]
            await self._connection.executemany(text, values)


class PostgresFilling(PostgresTransaction):
    """A transaction that also takes rows as another database held them."""

    async def fill(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows with all their columns in order; raises ValueError for one that does not fit."""
        try:
            await self._connection.copy_records_to_table(table, records=rows)
        except UNFIT as error:
            raise ValueError(f"{table}: {error}") from error


def bind(sql: str, parameters: Mapping[str, Parameter]) -> tuple[str, list[Parameter]]:
    """Return a statement with `$1` for names, and the parameters in the order of their places."""
    text, names = by_place(sql)
    return text, [parameters[name] for name in names]


@lru_cache(maxsize=1024)
def by_place(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with `$1` for names, and the names in the order of their places."""
    places: dict[str, str] = {}

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        return match.group() if name is None else places.setdefault(name, f"${len(places) + 1}")

    text = _NAME.sub(put, _LIST.sub(_as_array, sql))
    return text, tuple(places)


def _as_array(match: re.Match[str]) -> str:
    return f"{'<> ALL' if match.group(1) else '= ANY'}({match.group(2)})"


def bind_each(sql: str, rows: Sequence[Mapping[str, Value]]) -> tuple[str, list[Any]]:
    """Return a statement that answers for every row, and its parameters.

    What is the same in all rows stays a parameter; what differs becomes a column of arrays.
    """
    first = rows[0]
    columns = {
        name: [row[name] for row in rows]
        for name, value in first.items()
        if any(row[name] != value for row in rows)
    }
    types = tuple((name, _array_of(values)) for name, values in columns.items())
    text, names = by_place(_for_each(sql, types))
    return text, [columns[name] if name in columns else first[name] for name in names]


def _array_of(values: Sequence[Value]) -> str:
    return _ARRAYS[next(type(value) for value in values if value is not None)]


@lru_cache(maxsize=512)
def _for_each(sql: str, types: tuple[tuple[str, str], ...]) -> str:
    if not types:
        return sql
    kinds = dict(types)
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in types)

    def take(match: re.Match[str]) -> str:
        return f"given.{match.group(1)}" if match.group(1) in kinds else match.group()

    return _FOR_EACH.format(arrays=arrays, names=", ".join(kinds), each=_NAME.sub(take, sql))


def _count(status: str) -> int:
    """Return how many rows a statement changed, as the server's word for it ends."""
    last = status.rpartition(" ")[2]
    return int(last) if last.isdigit() else 0
