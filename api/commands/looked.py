"""What a restore keeps of who looked since the backup, as far as the chain of looks goes on.

Apart from `carrying`: looks are proved by nobody's signature, only by following from those before.
"""

import sqlite3
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

import msgspec
from msgspec import Struct

from api.audit.records import AuditRow, Reveals
from api.audit.rules import find_break_after
from api.audit.store import (
    append_looks,
    find_last,
    find_link,
    keep_reveals,
    list_looks_after,
    list_reveals,
)
from api.database.engine import DataRefused, Transaction
from api.settings import DataTorn

#: What reading data of unknown worth can raise.
UNREADABLE: Final = (
    sqlite3.DatabaseError,
    DataRefused,
    DataTorn,
    msgspec.MsgspecError,
    ValueError,
    TypeError,
)


class Looked(Struct, frozen=True):
    """The looks that the copy lacks; not whole where the chains part or one cannot be read."""

    looks: Sequence[AuditRow] = ()
    reveals: Sequence[Reveals] = ()
    is_whole: bool = False


async def find_looked(copy: Transaction, aside: Transaction, log: str) -> Looked:
    """Return what was put aside and goes on from the copy's last look."""
    try:
        reveals = await list_reveals(aside, log)
    except UNREADABLE:
        return Looked()
    try:
        looks, is_whole = await _find_looks(copy, aside, log)
    except UNREADABLE:
        return Looked(reveals=reveals)
    return Looked(looks, reveals, is_whole)


async def _find_looks(
    copy: Transaction, aside: Transaction, log: str
) -> tuple[list[AuditRow], bool]:
    """Return the looks that go on from the copy, and whether the chains never part."""
    last, link = await find_last(copy, log)
    last_aside, link_aside = await find_last(aside, log)
    if last_aside <= last:
        return [], await find_link(copy, log, last_aside) == link_aside
    if await find_link(aside, log, last) != link:
        return [], False
    rows = await list_looks_after(aside, log, last)
    broken = find_break_after(last, link, rows)
    if broken is None:
        return rows, True
    return list(takewhile(lambda row: row.n < broken, rows)), False


async def keep_looked(tx: Transaction, log: str, looked: Looked) -> None:
    """Append the looks, and count each officer's reveals of a day as the higher number."""
    await append_looks(tx, log, looked.looks)
    await keep_reveals(tx, log, looked.reveals)
