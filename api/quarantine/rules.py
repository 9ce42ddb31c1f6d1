"""Which verdict counts for a document of a lost or stolen key: pure."""

from collections.abc import Iterable

from api.ledger.records import Entry
from api.quarantine.records import Adoption, AdoptionRow, Verdict
from sync.document import Document
from sync.keys import encode_base64url


def fold(entry: Entry, adoption: Adoption) -> AdoptionRow:
    """Put down a verdict."""
    payload = entry.document.payload
    return AdoptionRow(
        log=payload.log,
        adoption_id=payload.id,
        document_id=adoption.document_id,
        document_hash=adoption.document_hash,
        place=payload.place,
        verdict=adoption.verdict,
        pos=entry.pos,
        received_ms=entry.received_ms,
    )


def find_verdict(
    document: Document, adoptions: Iterable[AdoptionRow], ended_ms: int
) -> Verdict | None:
    """Return the first verdict on these bytes for their own commune since their key ended.

    What was judged before is no verdict on a stolen key: else its thief would adopt in advance.
    """
    wanted = (document.id, encode_base64url(document.hash), document.payload.place)
    found = [
        row
        for row in adoptions
        if (row.document_id, row.document_hash, row.place) == wanted and row.received_ms >= ended_ms
    ]
    return min(found, key=lambda row: row.pos).verdict if found else None
