"""Compares a table with what the log folds to: row by row in the order of their keys."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Final
from uuid import UUID

from api.database.engine import Row, Transaction
from api.inspection.following_store import list_rows
from api.inspection.records import Table

_ID_BYTES: Final = 16
_RANKS: Final = {type(None): 0, int: 1, float: 1, str: 2, bytes: 3}


async def compare(
    held: Transaction, folded: Transaction, table: Table, log: str
) -> AsyncGenerator[str]:
    """Return one line for each row that is missing, has no origin in the log, or differs."""
    ours, theirs = list_rows(held, table, log), list_rows(folded, table, log)
    row, wanted = await _next(ours), await _next(theirs)
    while row is not None or wanted is not None:
        key, wanted_key = _key(table, row), _key(table, wanted)
        if row == wanted:
            row, wanted = await _next(ours), await _next(theirs)
        elif row is not None and wanted is not None and key == wanted_key:
            yield f"{table.name} {_show(key)}: differs from what the log says"
            row, wanted = await _next(ours), await _next(theirs)
        elif wanted is None or (row is not None and _order(key) < _order(wanted_key)):
            yield f"{table.name} {_show(key)}: has no origin in the log"
            row = await _next(ours)
        else:
            yield f"{table.name} {_show(wanted_key)}: is missing"
            wanted = await _next(theirs)


async def _next(rows: AsyncIterator[Row]) -> Row | None:
    return await anext(rows, None)


def _key(table: Table, row: Row | None) -> tuple[Any, ...]:
    return () if row is None else tuple(row[1 : 1 + table.key_parts])


def _order(key: tuple[Any, ...]) -> list[tuple[int, Any]]:
    """Return what sorts keys as the database does: nothing, then numbers, then texts, then bytes.

    Where an engine lets no other type into a column, the parts decide alone.
    """
    return [(_RANKS[type(part)], part) for part in key]


def _show(key: tuple[Any, ...]) -> str:
    return " ".join(_show_part(part) for part in key)


def _show_part(part: Any) -> str:
    if isinstance(part, bytes) and len(part) == _ID_BYTES:
        return str(UUID(bytes=part))
    # Whoever added a row chose its key: it may neither be lost in its line nor write another one.
    if isinstance(part, str) and part.isprintable() and part:
        return part
    return repr(part)
