"""Numbered SQL files, applied once each, in order, with their checksums kept."""

import hashlib
from pathlib import Path
from typing import Final

from api.database.engine import Dialect, Migrated, Transaction

MIGRATIONS_DIR: Final = Path(__file__).parent / "migrations"
_BASE: Final = "-base"


class MigrationChanged(RuntimeError):
    """A migration that was applied reads differently now; released files are never edited."""


class DataLater(RuntimeError):
    """Data that a later version of this program migrated."""


class DataOlder(RuntimeError):
    """Data that lack a migration, which nobody made a backup for yet."""


def list_migrations(dialect: Dialect) -> list[Path]:
    """Return the files for a dialect in the order of their numbers, from its base on.

    `NNNN-base.DIALECT.sql` holds what those before it come to, for an engine that came later.
    """
    files = [
        path
        for path in sorted(MIGRATIONS_DIR.glob("*.sql"))
        if path.suffixes in ([f".{dialect}", ".sql"], [".sql"])
    ]
    bases = [n for n, path in enumerate(files) if path.stem.partition(".")[0].endswith(_BASE)]
    return files[bases[-1] if bases else 0 :]


async def find_newest(tx: Transaction) -> str:
    """Return the name of the last migration that a database went through, or nothing."""
    row = await tx.one("SELECT MAX(name) FROM migrations")
    return str(row[0] or "") if row else ""


async def find_missing(tx: Transaction, dialect: Dialect) -> list[str]:
    """Return the migrations that a database lacks; raises DataLater if it has more than these."""
    applied = {str(name) for (name,) in await tx.all("SELECT name FROM migrations")}
    known = [path.name for path in list_migrations(dialect)]
    if later := applied - set(known):
        raise DataLater(max(later))
    return [name for name in known if name not in applied]


async def check_current(tx: Transaction, dialect: Dialect) -> None:
    """Raise DataOlder where a database lacks a migration, DataLater where it has one more."""
    if missing := await find_missing(tx, dialect):
        raise DataOlder(missing[0])


async def migrate(engine: Migrated, now_ms: int, newest: str | None = None) -> list[str]:
    """Apply what is missing, up to `newest` if given, in one transaction; return the names."""
    files = [
        (path.name, path.read_text())
        for path in list_migrations(engine.dialect)
        if newest is None or path.name <= newest
    ]
    async with engine.migrating() as tx:
        await tx.run(
            "CREATE TABLE IF NOT EXISTS migrations"
            " (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_ms BIGINT NOT NULL)"
        )
        applied = dict(await tx.all("SELECT name, sha256 FROM migrations"))
        new = [(name, text) for name, text in files if _is_new(name, text, applied.get(name))]
        for name, text in new:
            await _apply(engine, tx, name, text, now_ms)
        await engine.begin_log(tx)
        return [name for name, _ in new]


async def grant(tx: Transaction, role: str) -> None:
    """Let a role of PostgreSQL serve the register, as far as its tables go now."""
    await tx.one("SELECT sangkat_grant(:role)", role=role)


def _is_new(name: str, text: str, applied: object) -> bool:
    """Say whether a migration is to be applied; raises MigrationChanged."""
    if applied not in (None, _digest(text)):
        raise MigrationChanged(name)
    return applied is None


async def _apply(engine: Migrated, tx: Transaction, name: str, text: str, now_ms: int) -> None:
    for part in engine.split_script(text):
        await tx.run(part)
    await tx.run(
        "INSERT INTO migrations (name, sha256, applied_ms) VALUES (:name, :sha256, :now)",
        name=name,
        sha256=_digest(text),
        now=now_ms,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
