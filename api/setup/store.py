"""The SQL of settings: plain rows, because they are about the machine and not about anybody."""

import msgspec

from api.database.engine import Transaction
from api.setup.records import Demo, Operator, Recipients, Setup


async def load_setup(tx: Transaction, log: str) -> Setup:
    """Return what is recorded."""
    rows = await tx.all("SELECT name, value FROM settings WHERE log = :log", log=log)
    return msgspec.convert({name: msgspec.json.decode(value) for name, value in rows}, Setup)


async def record(
    tx: Transaction, log: str, value: Operator | Demo | Recipients, now_ms: int
) -> None:
    """Record who operates the register, that it is a demonstration, or who can open its backups.

    The last word stands.
    """
    await tx.run(
        "INSERT INTO settings (log, name, value, changed_ms) VALUES (:log, :name, :value, :now)"
        " ON CONFLICT (log, name) DO UPDATE SET value = excluded.value,"
        " changed_ms = excluded.changed_ms",
        log=log,
        name=type(value).__name__.lower(),
        value=msgspec.json.encode(value),
        now=now_ms,
    )
