"""The SQL of the audit log and of the daily budget of reveals."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from api.audit.records import AuditRow, Look, Reveals
from api.audit.rules import first_link, next_link
from api.database.engine import Row, Transaction, Value

REVEALS_A_DAY: Final = 20


async def record_look(tx: Transaction, log: str, look: Look, at_ms: int) -> None:
    """Put down a look, in the transaction before anything is shown."""
    await record_looks(tx, log, [look], at_ms)


async def record_looks(tx: Transaction, log: str, looks: Sequence[Look], at_ms: int) -> None:
    """Put down looks in their order, in the transaction before anything is shown."""
    last, chain = await find_last(tx, log)
    rows: list[AuditRow] = []
    for n, look in enumerate(looks, last + 1):
        chain = next_link(chain, n, at_ms, look)
        rows.append(AuditRow(n, at_ms, look, chain))
    await append_looks(tx, log, rows)


async def append_looks(tx: Transaction, log: str, rows: Sequence[AuditRow]) -> None:
    """Append looks whose places and links go on from the last one."""
    await tx.run_many(
        "INSERT INTO audit (log, n, at_ms, account_id, action, subject, reason, chain)"
        " VALUES (:log, :n, :at, :account, :action, :subject, :reason, :chain)",
        [_write(log, row) for row in rows],
    )


def _write(log: str, row: AuditRow) -> dict[str, Value]:
    subject = row.look.subject
    return {
        "log": log,
        "n": row.n,
        "at": row.at_ms,
        "account": row.look.account_id.bytes,
        "action": row.look.action,
        "subject": None if subject is None else subject.bytes,
        "reason": row.look.reason,
        "chain": row.chain,
    }


async def find_last(tx: Transaction, log: str) -> tuple[int, bytes]:
    """Return number and link of the last look; 0 and the link before the first if there is none."""
    last = await tx.one(
        "SELECT n, chain FROM audit WHERE log = :log ORDER BY n DESC LIMIT 1", log=log
    )
    return (last[0], last[1]) if last else (0, first_link(log))


async def find_link(tx: Transaction, log: str, n: int) -> bytes | None:
    """Return the link of look `n`, 0 being the one before the first; None beyond the last."""
    if n == 0:
        return first_link(log)
    row = await tx.one("SELECT chain FROM audit WHERE log = :log AND n = :n", log=log, n=n)
    return None if row is None else row[0]


async def list_looks(tx: Transaction, log: str) -> list[AuditRow]:
    """Return every look in order, whatever its number, to check the chain."""
    rows = await tx.all(
        "SELECT n, at_ms, account_id, action, subject, reason, chain FROM audit"
        " WHERE log = :log ORDER BY n",
        log=log,
    )
    return [_read(row) for row in rows]


async def list_looks_after(tx: Transaction, log: str, n: int) -> list[AuditRow]:
    """Return every look after look `n` in order."""
    rows = await tx.all(
        "SELECT n, at_ms, account_id, action, subject, reason, chain FROM audit"
        " WHERE log = :log AND n > :n ORDER BY n",
        log=log,
        n=n,
    )
    return [_read(row) for row in rows]


def _read(row: Row) -> AuditRow:
    n, at_ms, account, action, subject, reason, chain = row
    look = Look(UUID(bytes=account), action, UUID(bytes=subject) if subject else None, reason)
    return AuditRow(n, at_ms, look, chain)


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


async def list_reveals(tx: Transaction, log: str) -> list[Reveals]:
    """Return how many reveals each account had on each day."""
    rows = await tx.all("SELECT account_id, day, count FROM reveals WHERE log = :log", log=log)
    return [Reveals(UUID(bytes=account), day, int(count)) for account, day, count in rows]


async def keep_reveals(tx: Transaction, log: str, reveals: Sequence[Reveals]) -> None:
    """Let no account have had fewer reveals on a day than these say."""
    await tx.run_many(
        "INSERT INTO reveals (log, account_id, day, count) VALUES (:log, :account, :day, :count)"
        " ON CONFLICT (log, account_id, day) DO UPDATE SET count = excluded.count"
        " WHERE excluded.count > reveals.count",
        [
            {"log": log, "account": one.account_id.bytes, "day": one.day, "count": one.count}
            for one in reveals
        ],
    )
