"""The SQL of the inspection: the log with its bytes, and every table that follows from it."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final
from uuid import UUID

from api.database.engine import Row, Transaction
from api.inspection.records import Logged, Table
from sync.messages import Item

_PAGE: Final = 1_000

# Entries are compared without their receipts: ECDSA is random, so receipts are verified instead.
FOLLOWING: Final = (
    Table(
        "entries",
        'SELECT log, pos, id, hash, "by", kind, entity, place, received_ms, chain FROM entries'
        " WHERE log = :log AND pos > :key_1 ORDER BY pos LIMIT 1000",
        (0,),
    ),
    Table(
        "payloads",
        "SELECT * FROM payloads WHERE log = :log AND id > :key_1 ORDER BY id LIMIT 1000",
        (b"",),
    ),
    Table(
        "disclosures",
        "SELECT * FROM disclosures WHERE log = :log"
        " AND (id, name) > (:key_1, :key_2) ORDER BY id, name LIMIT 1000",
        (b"", ""),
    ),
    Table("heads", "SELECT log, pos, chain, received_ms FROM heads WHERE log = :log", ()),
    Table(
        "entities",
        "SELECT * FROM entities WHERE log = :log AND entity > :key_1 ORDER BY entity LIMIT 1000",
        (b"",),
    ),
    Table(
        "accounts",
        "SELECT * FROM accounts WHERE log = :log AND account_id > :key_1"
        " ORDER BY account_id LIMIT 1000",
        (b"",),
    ),
    Table(
        "devices",
        "SELECT * FROM devices WHERE log = :log AND kid > :key_1 ORDER BY kid LIMIT 1000",
        ("",),
    ),
    Table(
        "early_revocations",
        "SELECT * FROM early_revocations WHERE log = :log AND kid > :key_1 ORDER BY kid LIMIT 1000",
        ("",),
    ),
    Table(
        "adoptions",
        "SELECT * FROM adoptions WHERE log = :log AND adoption_id > :key_1"
        " ORDER BY adoption_id LIMIT 1000",
        (b"",),
    ),
    Table(
        "premises_grants",
        "SELECT * FROM premises_grants WHERE log = :log AND grant_id > :key_1"
        " ORDER BY grant_id LIMIT 1000",
        (b"",),
    ),
    Table(
        "premises",
        "SELECT * FROM premises WHERE log = :log AND premises_id > :key_1"
        " ORDER BY premises_id LIMIT 1000",
        (b"",),
    ),
    Table(
        "stays",
        "SELECT * FROM stays WHERE log = :log AND stay_id > :key_1 ORDER BY stay_id LIMIT 1000",
        (b"",),
    ),
    Table(
        "stay_names",
        "SELECT * FROM stay_names WHERE log = :log AND (token, stay_id) > (:key_1, :key_2)"
        " ORDER BY token, stay_id LIMIT 1000",
        ("", b""),
    ),
    Table(
        "declarations",
        "SELECT * FROM declarations WHERE log = :log AND declaration_id > :key_1"
        " ORDER BY declaration_id LIMIT 1000",
        (b"",),
    ),
    Table(
        "pledges",
        "SELECT * FROM pledges WHERE log = :log AND pledge_id > :key_1"
        " ORDER BY pledge_id LIMIT 1000",
        (b"",),
    ),
)
"""What the log folds to, down to the order of the keys; every other table is plain (README.md)."""


async def list_rows(tx: Transaction, table: Table, log: str) -> AsyncGenerator[Row]:
    """Return every row of a table in the order of its key, a page at a time."""
    key = table.first
    while True:
        named = {f"key_{n}": part for n, part in enumerate(key, 1)}
        rows = await tx.all(table.page, log=log, **named)
        for row in rows:
            yield row
        if not key or len(rows) < _PAGE:
            return
        key = tuple(rows[-1][1 : 1 + len(key)])


async def list_schema(tx: Transaction) -> dict[str, tuple[str, str]]:
    """Return kind and SQL of every table, index, trigger and view; SQLite's statistics are none."""
    rows = await tx.all(
        "SELECT name, type, COALESCE(sql, '') FROM sqlite_master"
        " WHERE name NOT GLOB 'sqlite_stat[1-4]' ORDER BY name, type"
    )
    return {name: (kind, sql) for name, kind, sql in rows}


async def list_erasures(tx: Transaction, log: str) -> list[tuple[UUID, str]]:
    """Return what is marked as erased: ids of documents and names of disclosures."""
    rows = await tx.all("SELECT id, name FROM erasures WHERE log = :log ORDER BY id, name", log=log)
    return [(UUID(bytes=row[0]), row[1]) for row in rows]


async def list_logged(tx: Transaction, log: str) -> AsyncGenerator[list[Logged]]:
    """Return the log in pages, each entry with its bytes."""
    after = 0
    while True:
        rows = await tx.all(
            'SELECT e.pos, e.id, e.hash, e."by", e.kind, e.entity, e.place, e.received_ms, e.chain,'
            " e.receipt, p.protected, p.bytes, p.signature FROM entries e"
            " LEFT JOIN payloads p ON p.log = e.log AND p.id = e.id"
            " WHERE e.log = :log AND e.pos > :after ORDER BY e.pos LIMIT 1000",
            log=log,
            after=after,
        )
        if not rows:
            return
        disclosures = await _list_disclosures(tx, log, [row[1] for row in rows])
        yield [_read(row, disclosures.get(row[1])) for row in rows]
        after = rows[-1][0]


async def _list_disclosures(
    tx: Transaction, log: str, ids: Sequence[bytes]
) -> dict[bytes, dict[str, str]]:
    rows = await tx.all(
        "SELECT id, name, bytes FROM disclosures WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=ids,
    )
    texts: dict[bytes, dict[str, str]] = {}
    for document_id, name, text in rows:
        texts.setdefault(document_id, {})[name] = text.decode(errors="replace")
    return texts


def _read(row: Row, disclosures: dict[str, str] | None) -> Logged:
    pos, document_id, digest, by, kind, entity, place, received_ms, chain, receipt, *signed = row
    protected, data, signature = signed
    return Logged(
        pos=pos,
        id=UUID(bytes=document_id),
        hash=digest,
        by=by,
        kind=kind,
        entity=UUID(bytes=entity),
        place=place,
        received_ms=received_ms,
        chain=chain,
        receipt=receipt,
        item=None
        if data is None
        else Item(protected, data.decode(errors="replace"), signature, disclosures),
    )
