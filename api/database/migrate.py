"""Numbered SQL files, applied once each, in order, with their checksums kept."""

import hashlib
from pathlib import Path
from typing import Final

from api.database.engine import Engine, Transaction

MIGRATIONS_DIR: Final = Path(__file__).parent / "migrations"
_STATEMENT_END: Final = ";\n"


class MigrationChanged(RuntimeError):
    """A migration that was applied reads differently now; released files are never edited."""


class DataLater(RuntimeError):
    """Data that a later version of this program migrated."""


class DataOlder(RuntimeError):
    """Data that lack a migration, which nobody made a backup for yet."""


def list_migrations(dialect: str) -> list[Path]:
    """Return the files for a dialect (`sqlite`, `postgresql`) in the order of their numbers."""
    return [
        path
        for path in sorted(MIGRATIONS_DIR.glob("*.sql"))
        if path.suffixes in (["." + dialect, ".sql"], [".sql"])
    ]


async def find_newest(tx: Transaction) -> str:
    """Return the name of the last migration that a database went through, or nothing."""
    row = await tx.one("SELECT MAX(name) FROM migrations")
    return str(row[0] or "") if row else ""


async def find_missing(tx: Transaction, dialect: str) -> list[str]:
    """Return the migrations that a database lacks; raises DataLater if it has more than these."""
    applied = {str(name) for (name,) in await tx.all("SELECT name FROM migrations")}
    known = [path.name for path in list_migrations(dialect)]
    if later := applied - set(known):
        raise DataLater(max(later))
    return [name for name in known if name not in applied]


async def check_current(tx: Transaction, dialect: str) -> None:
    """Raise DataOlder where a database lacks a migration, DataLater where it has one more."""
    if missing := await find_missing(tx, dialect):
        raise DataOlder(missing[0])


async def migrate(
    engine: Engine, dialect: str, now_ms: int, newest: str | None = None
) -> list[str]:
    """Apply what is missing, up to `newest` if given, in one transaction; return the names."""
    files = [
        (path.name, path.read_text())
        for path in list_migrations(dialect)
        if newest is None or path.name <= newest
    ]
    async with engine.writing() as tx:
        await tx.run(
            "CREATE TABLE IF NOT EXISTS migrations"
            " (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_ms BIGINT NOT NULL)"
        )
        applied = dict(await tx.all("SELECT name, sha256 FROM migrations"))
        return [
            name for name, text in files if await _apply(tx, name, text, applied.get(name), now_ms)
        ]


async def _apply(tx: Transaction, name: str, text: str, applied: object, now_ms: int) -> bool:
    digest = hashlib.sha256(text.encode()).hexdigest()
    if applied == digest:
        return False
    if applied is not None:
        raise MigrationChanged(name)
    for statement in text.split(_STATEMENT_END):
        if statement.strip():
            await tx.run(statement)
    await tx.run(
        "INSERT INTO migrations (name, sha256, applied_ms) VALUES (:name, :sha256, :now)",
        name=name,
        sha256=digest,
        now=now_ms,
    )
    return True
