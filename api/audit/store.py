"""The SQL of the audit log and of the daily budget of reveals."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from api.audit.records import AuditRow, Look
from api.audit.rules import first_link, next_link
from api.database.engine import Transaction, Value

REVEALS_A_DAY: Final = 20


async def record_look(tx: Transaction, log: str, look: Look, at_ms: int) -> None:
    """Put down a look, in the transaction before anything is shown."""
    await record_looks(tx, log, [look], at_ms)


async def record_looks(tx: Transaction, log: str, looks: Sequence[Look], at_ms: int) -> None:
    """Put down looks in their order, in the transaction before anything is shown."""
    last = await tx.one(
        "SELECT n, chain FROM audit WHERE log = :log ORDER BY n DESC LIMIT 1", log=log
    )
    n, chain = last or (0, first_link(log))
    rows: list[dict[str, Value]] = []
    for at, look in enumerate(looks, n + 1):
        chain = next_link(chain, at, at_ms, look)
        rows.append(
            {
                "log": log,
                "n": at,
                "at": at_ms,
                "account": look.account_id.bytes,
                "action": look.action,
                "subject": None if look.subject is None else look.subject.bytes,
                "reason": look.reason,
                "chain": chain,
            }
        )
    await tx.run_many(
        "INSERT INTO audit (log, n, at_ms, account_id, action, subject, reason, chain)"
        " VALUES (:log, :n, :at, :account, :action, :subject, :reason, :chain)",
        rows,
    )


async def list_looks(tx: Transaction, log: str) -> list[AuditRow]:
    """Return every look in order, to check the chain."""
    rows = await tx.all(
        "SELECT n, at_ms, account_id, action, subject, reason, chain FROM audit"
        " WHERE log = :log ORDER BY n",
        log=log,
    )
    return [
        AuditRow(
            n,
            at_ms,
            Look(UUID(bytes=account), action, UUID(bytes=subject) if subject else None, reason),
            chain,
        )
        for n, at_ms, account, action, subject, reason, chain in rows
    ]


async def spend_reveal(tx: Transaction, log: str, account_id: UUID, day: str) -> int | None:
    """Count a reveal on a day of Cambodia; return how many remain, or None when none did."""
    changed = await tx.run(
        "INSERT INTO reveals (log, account_id, day, count) VALUES (:log, :account, :day, 1)"
        " ON CONFLICT (log, account_id, day) DO UPDATE SET count = reveals.count + 1"
        " WHERE reveals.count < :most",
        log=log,
        account=account_id.bytes,
        day=day,
        most=REVEALS_A_DAY,
    )
    if not changed:
        return None
    row = await tx.one(
        "SELECT count FROM reveals WHERE log = :log AND account_id = :account AND day = :day",
        log=log,
        account=account_id.bytes,
        day=day,
    )
    return REVEALS_A_DAY - (row or (REVEALS_A_DAY,))[0]
