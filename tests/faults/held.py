"""What a register's database holds, read with nothing but the client of its engine.

Apart from the register's stores, so that a mistake of theirs cannot hide behind itself.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
from msgspec import Struct

from tests.makers import LOG

#: Both engines take `$1`.
_ENTRIES: Final = (
    "SELECT e.pos, e.id, e.hash, e.kind, e.received_ms, e.chain, e.receipt, p.bytes"
    " FROM entries e LEFT JOIN payloads p ON p.log = e.log AND p.id = e.id"
    " WHERE e.log = $1 ORDER BY e.pos"
)
_HEAD: Final = "SELECT pos, chain FROM heads WHERE log = $1"
_STAYS: Final = "SELECT document_key FROM stays WHERE log = $1"


class Logged(Struct, frozen=True):
    """An entry with its payload as they stand in the database."""

    pos: int
    id: UUID
    hash: bytes
    kind: str
    received_ms: int
    chain: bytes
    receipt: str
    payload: bytes


class Held(Struct, frozen=True, kw_only=True):
    """The log in its order, its head, and the keys by which stays of one document are found."""

    entries: list[Logged]
    head: tuple[int, bytes] | None
    document_keys: list[Any]
    #: What the engine itself finds wrong with what it stores.
    damage: list[str]


def read_file(path: Path) -> Held:
    """Read a SQLite file, which a register may be serving."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        entries, heads, stays = (
            file.execute(sql, {"1": LOG}).fetchall() for sql in (_ENTRIES, _HEAD, _STAYS)
        )
        said = [str(row[0]) for row in file.execute("PRAGMA integrity_check")]
    return _put_together(entries, heads, stays, [line for line in said if line != "ok"])


async def read_database(address: str) -> Held:
    """Read a PostgreSQL database in one snapshot; of its own damage it says nothing unasked."""
    connection = await asyncpg.connect(address)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            entries, heads, stays = [
                [tuple(row) for row in await connection.fetch(sql, LOG)]
                for sql in (_ENTRIES, _HEAD, _STAYS)
            ]
    finally:
        await connection.close()
    return _put_together(entries, heads, stays, [])


def _put_together(
    entries: Sequence[Any], heads: Sequence[Any], stays: Sequence[Any], damage: list[str]
) -> Held:
    return Held(
        entries=[Logged(pos, UUID(bytes=id), *rest) for pos, id, *rest in entries],
        head=next(iter(heads), None),
        document_keys=[key for (key,) in stays],
        damage=damage,
    )
