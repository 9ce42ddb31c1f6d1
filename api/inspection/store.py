"""The SQL of the inspection: the log with its bytes, and what the database is made of."""

from collections.abc import AsyncGenerator, Sequence
from typing import Final
from uuid import UUID

from api.database.engine import Row, Transaction
from api.inspection.records import Logged, Unreadable
from sync.messages import Item

# Of an entry, then of its payload; SQLite keeps any type in any column.
_ENTRY: Final = (int, bytes, bytes, str, str, bytes, str, int, bytes, str)
_PAYLOAD: Final = (str, bytes, str)
_ID_BYTES: Final = 16
# The end of the last year that an instant can be written in.
_RECEIVED_MS_MAX: Final = 253_402_300_799_999


async def list_erasures(tx: Transaction, log: str) -> list[tuple[UUID, str]]:
    """Return what is marked as erased: ids of documents and names of disclosures."""
    rows = await tx.all("SELECT id, name FROM erasures WHERE log = :log ORDER BY id, name", log=log)
    return [(UUID(bytes=row[0]), row[1]) for row in rows]


async def list_logged(tx: Transaction, log: str) -> AsyncGenerator[list[Logged]]:
    """Return the log in pages, each entry with its bytes; raises Unreadable."""
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
        texts.setdefault(document_id, {})[name] = _decode(text)
    return texts


def _decode(value: object) -> str:
    """Return a text that can be compared with its digest, whatever stands there."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _read(row: Row, disclosures: dict[str, str] | None) -> Logged:
    pos, document_id, digest, by, kind, entity, place, received_ms, chain, receipt, *signed = row
    protected, data, signature = signed
    columns = (row[: len(_ENTRY)], _ENTRY) if data is None else (row, (*_ENTRY, *_PAYLOAD))
    if not (
        all(type(value) is wanted for value, wanted in zip(*columns, strict=True))
        and len(document_id) == len(entity) == _ID_BYTES
        and 0 <= received_ms <= _RECEIVED_MS_MAX
    ):
        raise Unreadable(pos)
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
