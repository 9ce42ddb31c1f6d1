"""The SQL of shared rates: one row a holder, counted up by whichever process asks."""

from collections.abc import Sequence

from api.admission.records import Lease
from api.admission.rules import grant
from api.database.engine import Transaction
from api.limits import Rate


async def take(
    tx: Transaction, log: str, now_ms: int, asked: Sequence[tuple[Rate, bytes]]
) -> list[Lease]:
    """Count a lease for each of these, and return what of it is within the rate."""
    rows = await tx.all_each(
        "INSERT INTO budgets (log, budget, holder, used, ends_ms)"
        " VALUES (:log, :budget, :holder, :count, :ends)"
        " ON CONFLICT (log, budget, holder) DO UPDATE SET"
        # A window that lies further ahead than any is left from a clock that was wrong.
        " used = CASE WHEN budgets.ends_ms > :now AND budgets.ends_ms <= :latest"
        " THEN budgets.used + excluded.used ELSE excluded.used END,"
        " ends_ms = CASE WHEN budgets.ends_ms > :now AND budgets.ends_ms <= :latest"
        " THEN budgets.ends_ms ELSE excluded.ends_ms END"
        " RETURNING used, ends_ms",
        [
            {
                "log": log,
                "budget": rate.name,
                "holder": holder,
                "count": rate.lease,
                "now": now_ms,
                "ends": now_ms + rate.window_ms,
                "latest": now_ms + 2 * rate.window_ms,
            }
            for rate, holder in asked
        ],
    )
    return [
        Lease(grant(rate, rate.lease, used), ends_ms)
        for (rate, _), (used, ends_ms) in zip(asked, rows, strict=True)
    ]


async def give_back(tx: Transaction, log: str, rate: Rate, holder: bytes) -> None:
    """Uncount the last use: it was none of those that are bounded."""
    await tx.run(
        "UPDATE budgets SET used = used - 1"
        " WHERE log = :log AND budget = :budget AND holder = :holder AND used > 0",
        log=log,
        budget=rate.name,
        holder=holder,
    )


async def forget_ended(tx: Transaction, log: str, now_ms: int) -> None:
    """Forget windows that are over."""
    await tx.run("DELETE FROM budgets WHERE log = :log AND ends_ms < :now", log=log, now=now_ms)
