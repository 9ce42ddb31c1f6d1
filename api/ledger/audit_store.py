"""The SQL of the audit log: who looked at whom, when and why; chained like the log, no content."""

import hashlib
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.database.engine import Transaction

_FIRST: Final = b"sangkat audit v1\n"


class Audited(Struct, frozen=True, kw_only=True):
    """Somebody read or revealed something, for a purpose; `subject` is the entity, if one."""

    at_ms: int
    account_id: UUID
    action: str
    reason: str
    subject: UUID | None = None


async def record_audit(tx: Transaction, log: str, audited: Audited) -> None:
    """Append a row and its link; the writing transaction keeps rows in order."""
    row = await tx.one(
        "SELECT n, chain FROM audit WHERE log = :log ORDER BY n DESC LIMIT 1", log=log
    )
    n, link = (0, first_audit_link(log)) if row is None else (row[0], row[1])
    await tx.run(
        "INSERT INTO audit (log, n, at_ms, account_id, action, subject, reason, chain)"
        " VALUES (:log, :n, :at, :account, :action, :subject, :reason, :chain)",
        log=log,
        n=n + 1,
        at=audited.at_ms,
        account=audited.account_id.bytes,
        action=audited.action,
        subject=None if audited.subject is None else audited.subject.bytes,
        reason=audited.reason,
        chain=next_audit_link(link, n + 1, audited),
    )


def first_audit_link(log: str) -> bytes:
    """Return where the chain of a log's audit begins."""
    return hashlib.sha256(_FIRST + log.encode()).digest()


def next_audit_link(link: bytes, n: int, audited: Audited) -> bytes:
    """Return SHA-256 of the previous link, the number and the row as JSON."""
    return hashlib.sha256(link + n.to_bytes(8) + msgspec.json.encode(audited)).digest()
