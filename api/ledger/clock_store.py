"""The SQL of the last instant at which a register believed its clock."""

from api.database.engine import Transaction


async def record_instant(tx: Transaction, log: str, now_ms: int) -> None:
    """Keep the instant, for the next start."""
    await tx.run(
        "INSERT INTO clocks (log, seen_ms) VALUES (:log, :now)"
        " ON CONFLICT (log) DO UPDATE SET seen_ms = excluded.seen_ms",
        log=log,
        now=now_ms,
    )


async def find_instant(tx: Transaction, log: str) -> int | None:
    """Return the instant kept last."""
    row = await tx.one("SELECT seen_ms FROM clocks WHERE log = :log", log=log)
    return None if row is None else row[0]
