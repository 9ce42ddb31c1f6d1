"""The SQL of documents in quarantine and of the verdicts on them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.database.engine import Transaction
from api.quarantine.records import AdoptionRow, Settled
from sync.document import Document, read_document
from sync.keys import decode_base64url
from sync.messages import Item

LISTED_MAX: Final = 1_000


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
        "SELECT adoption_id, document_id, document_hash, place, verdict, pos FROM adoptions"
        " WHERE log = :log AND document_id IN (:ids)",
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
        )
        for adoption_id, document_id, digest, place, verdict, pos in rows
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


async def list_waiting(tx: Transaction, log: str) -> list[Waiting]:
    """Return what is in quarantine, longest held first."""
    rows = await tx.all(
        "SELECT item, held_ms FROM backlog WHERE log = :log AND reason = 'quarantine'"
        " ORDER BY held_ms, id LIMIT :limit",
        log=log,
        limit=LISTED_MAX,
    )
    return [_read(item, held_ms) for item, held_ms in rows]


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


def _read(item: bytes, held_ms: int) -> Waiting:
    return Waiting(read_document(msgspec.json.decode(item, type=Item)), held_ms)
