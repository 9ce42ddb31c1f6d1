"""How looks are chained, so that none can be taken out or put in afterwards: pure."""

import hashlib
from collections.abc import Iterable

from api.audit.records import AuditRow, Look

_WORD_BYTES = 8


def first_link(log: str) -> bytes:
    """Return the link before the first look."""
    return hashlib.sha256(f"sangkat audit v1\n{log}".encode()).digest()


def next_link(chain: bytes, n: int, at_ms: int, look: Look) -> bytes:
    """Return the link of a look; texts carry their length, so that no two looks read alike."""
    hashed = hashlib.sha256(chain)
    hashed.update(n.to_bytes(_WORD_BYTES) + at_ms.to_bytes(_WORD_BYTES) + look.account_id.bytes)
    subject = b"" if look.subject is None else look.subject.bytes
    for part in (look.action.encode(), subject, look.reason.encode()):
        hashed.update(len(part).to_bytes(_WORD_BYTES) + part)
    return hashed.digest()


def find_break(log: str, rows: Iterable[AuditRow]) -> int | None:
    """Return the `n` of the first look that does not follow from those before it."""
    return find_break_after(0, first_link(log), rows)


def find_break_after(last: int, chain: bytes, rows: Iterable[AuditRow]) -> int | None:
    """Return the `n` of the first look that does not go on from look `last` with its link."""
    for n, row in enumerate(rows, last + 1):
        chain = next_link(chain, n, row.at_ms, row.look)
        if (row.n, row.chain) != (n, chain):
            return n
    return None
