"""Moves a stopped register from its file into PostgreSQL, and proves that no row differs.

What the log folds to is not folded anew but moved as it is, once an inspection has shown that it is
what the log folds to: so receipts stay the ones that phones hold.
"""

import hashlib
from collections.abc import AsyncGenerator, Callable
from typing import Final, TextIO

from msgspec.structs import replace

from api.copies import open_copy
from api.database.engine import Filling, Row, Transaction
from api.database.opening import open_filling
from api.inspection.following_store import FOLLOWING, PLAIN, list_rows
from api.inspection.records import Table
from api.ledger.committer import now_ms
from api.ledger.reading_store import find_link, read_head
from api.settings import Settings

TABLES: Final = (*(table for table in FOLLOWING if table.name != "entries"), *PLAIN)
_PAGE: Final = 1_000


class NotMoved(Exception):
    """There is no room for the rows, or they did not arrive as they were; nothing was changed."""


class MovedBefore(Exception):
    """The database holds what is in the file, and perhaps what came later; nothing was changed."""


async def move(
    settings: Settings, note: Callable[[int], None] | None = None, lock: TextIO | None = None
) -> int:
    """Fill the empty database that the settings name from the file in their folder.

    Returns how many rows it moved. Raises NotMoved, also where another register is already,
    MovedBefore where this one is, and AlreadyServed while the file is served; `lock` is that of the
    file, where the caller keeps it for longer.
    """
    async with (
        open_copy(replace(settings, database=""), lock) as engine,
        engine.reading() as held,
        open_filling(settings, now_ms()) as filled,
    ):
        if (await read_head(filled, settings.log)).pos:
            head = await read_head(held, settings.log)
            if head.pos and await find_link(filled, settings.log, head.pos) == head.chain:
                raise MovedBefore
            raise NotMoved(f"{settings.where} holds a register already")
        count = 0
        for table in TABLES:
            count += await _move(held, filled, table, settings.log)
            if note is not None:
                note(count)
        return count


async def _move(held: Transaction, filled: Filling, table: Table, log: str) -> int:
    """Move one table, and read it back; return how many rows it has."""
    try:
        async for page in _list_pages(held, table, log):
            await filled.fill(table.name, page)
    except ValueError as error:
        raise NotMoved(f"{error}; `sangkat verify` says more") from error
    count, digest = await _digest(held, table, log)
    if (count, digest) != await _digest(filled, table, log):
        raise NotMoved(f"{table.name} did not arrive as it was")
    return count


async def _list_pages(tx: Transaction, table: Table, log: str) -> AsyncGenerator[list[Row]]:
    page: list[Row] = []
    async for row in list_rows(tx, table, log):
        page.append(row)
        if len(page) == _PAGE:
            yield page
            page = []
    yield page


async def _digest(tx: Transaction, table: Table, log: str) -> tuple[int, int]:
    """Return how many rows a table has, and a sum over all of them that knows no order."""
    count = total = 0
    async for row in list_rows(tx, table, log):
        count += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest())
    return count, total
