"""The hash chain over a log: apart, so that server, node and `verify` compute the same bytes."""

import hashlib
from typing import Final
from uuid import UUID

_PREFIX: Final = b"sangkat log v1\n"


def first_link(log: str) -> bytes:
    """Return `chain[0]` of a log."""
    return hashlib.sha256(_PREFIX + log.encode()).digest()


def next_link(
    previous: bytes, pos: int, document_id: UUID, document_hash: bytes, *, received_ms: int
) -> bytes:
    """Return `chain[pos]`; `received_ms` is `received_at` in milliseconds since 1970 UTC."""
    entry = pos.to_bytes(8) + document_id.bytes + document_hash + received_ms.to_bytes(8)
    return hashlib.sha256(previous + entry).digest()
