"""The SQL of documents in quarantine and of the verdicts on them."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.database.engine import Row, Transaction
from api.quarantine.records import AdoptionRow, Settled
from sync.document import Document, read_document
from sync.keys import decode_base64url
from sync.messages import Item

LISTED_MAX: Final = 1_000
_PAGE: Final = 1_000


class Waiting(Struct, frozen=True):
    """A document in quarantine, and since when."""

    document: Document
    held_ms: int


async def load_adoptions(
    tx: Transaction, log: str, document_ids: Sequence[UUID]
) -> dict[UUID, AdoptionRow]:
    """Return the verdicts on these documents."""
    if not document_ids:
        return {}
    rows = await tx.all(
        "SELECT a.adoption_id, a.document_id, a.document_hash, a.place, a.verdict, a.pos,"
        " e.received_ms FROM adoptions a JOIN entries e ON e.log = a.log AND e.pos = a.pos"
        " WHERE a.log = :log AND a.document_id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in document_ids],
    )
    return {
        UUID(bytes=adoption_id): AdoptionRow(
            log=log,
            adoption_id=UUID(bytes=adoption_id),
            document_id=UUID(bytes=document_id),
            document_hash=digest,
            place=place,
            verdict=verdict,
            pos=pos,
            received_ms=received_ms,
        )
        for adoption_id, document_id, digest, place, verdict, pos, received_ms in rows
    }


async def save(tx: Transaction, adoptions: Sequence[AdoptionRow]) -> None:
    """Write verdicts."""
    await tx.run_many(
        "INSERT INTO adoptions (log, adoption_id, document_id, document_hash, place, verdict, pos)"
        " VALUES (:log, :adoption_id, :document_id, :document_hash, :place, :verdict, :pos)",
        [
            {
                **msgspec.structs.asdict(row),
                "adoption_id": row.adoption_id.bytes,
                "document_id": row.document_id.bytes,
            }
            for row in adoptions
        ],
    )


async def list_waiting(tx: Transaction, log: str, places: Collection[str]) -> list[Waiting]:
    """Return what is in quarantine in these places, longest held first; of many the first."""
    found: list[Waiting] = []
    after: tuple[int, bytes, bytes] = (-1, b"", b"")
    while len(found) < LISTED_MAX:
        rows = await _list_page(tx, log, *after)
        found += [one for one in map(_read, rows) if one.document.payload.place in places]
        if len(rows) < _PAGE:
            break
        after = rows[-1][:3]
    return found[:LISTED_MAX]


async def _list_page(
    tx: Transaction, log: str, held_ms: int, document_id: bytes, digest: bytes
) -> list[Row]:
    return await tx.all(
        "SELECT held_ms, id, hash, item FROM backlog WHERE log = :log AND reason = 'quarantine'"
        " AND (held_ms, id, hash) > (:held_ms, :id, :hash)"
        " ORDER BY held_ms, id, hash LIMIT :page",
        log=log,
        held_ms=held_ms,
        id=document_id,
        hash=digest,
        page=_PAGE,
    )


async def find_settled(tx: Transaction, log: str, document_id: UUID, digest: str) -> Settled:
    """Return the receipt of these bytes, or the code of their refusal."""
    row = await tx.one(
        "SELECT receipt, NULL FROM entries WHERE log = :log AND id = :id AND hash = :hash"
        " UNION ALL"
        " SELECT NULL, code FROM refusals WHERE log = :log AND id = :id AND hash = :hash",
        log=log,
        id=document_id.bytes,
        hash=decode_base64url(digest),
    )
    return Settled(document_id, *(row or ()))


def _read(row: Row) -> Waiting:
    held_ms, _, _, item = row
    return Waiting(read_document(msgspec.json.decode(item, type=Item)), held_ms)
