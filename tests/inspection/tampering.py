"""Changes a register behind its back, as somebody with the file could: one change a seed."""

import random
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

TABLES: Final = (
    "entries",
    "payloads",
    "disclosures",
    "heads",
    "entities",
    "accounts",
    "devices",
    "early_revocations",
    "adoptions",
    "premises_grants",
    "premises",
    "stays",
    "stay_names",
    "declarations",
    "pledges",
    "audit",
)


def tamper(data: Path, seed: int) -> str:
    """Change one thing, another one for each seed; return what."""
    chance = random.Random(seed)
    with open_freely(data) as file:
        table = TABLES[seed % len(TABLES)]
        changes = [delete_row, change_value, change_value, change_value]
        # A head under another name is another log's, and nothing to this one.
        change = chance.choice(changes if table == "heads" else [copy_row, *changes])
        return f"seed {seed}: {change(file, table, chance)}"


@contextmanager
def open_freely(data: Path) -> Generator[sqlite3.Connection]:
    """Open the file without the triggers and constraints that keep it as it must be.

    The triggers are back when the block ends: that they are gone would be found by itself.
    """
    with closing(sqlite3.connect(data / "register.sqlite3", isolation_level=None)) as file:
        file.execute("PRAGMA ignore_check_constraints = ON")
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = triggers.fetchall()
        for name, _ in kept:
            file.execute(f"DROP TRIGGER {name}")
        yield file
        for _, sql in kept:
            file.execute(sql)


def pick_row(file: sqlite3.Connection, table: str, chance: random.Random) -> int:
    rows = file.execute(f"SELECT rowid FROM {table} ORDER BY rowid").fetchall()
    # Nobody holds a receipt of the last look, so that its absence cannot be found.
    return chance.choice(rows[:-1] if table == "audit" else rows)[0]


def delete_row(file: sqlite3.Connection, table: str, chance: random.Random) -> str:
    row = pick_row(file, table, chance)
    file.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
    return f"deleted row {row} of {table}"


def copy_row(file: sqlite3.Connection, table: str, chance: random.Random) -> str:
    """Add a row like another, with every part of its keys changed."""
    row = pick_row(file, table, chance)
    columns = file.execute(f"PRAGMA table_info({table})").fetchall()
    values = file.execute(f"SELECT * FROM {table} WHERE rowid = ?", (row,)).fetchone()
    copied = [
        changed(value, chance) if is_key(column) else value
        for column, value in zip(columns, values, strict=True)
    ]
    marks = ", ".join("?" * len(copied))
    file.execute(f"INSERT INTO {table} VALUES ({marks})", copied)
    return f"copied row {row} of {table}"


def is_key(column: tuple[Any, ...]) -> bool:
    _, name, *_, key = column
    return (key > 0 and name != "log") or name == "id"


def change_value(file: sqlite3.Connection, table: str, chance: random.Random) -> str:
    row = pick_row(file, table, chance)
    name = chance.choice([column[1] for column in file.execute(f"PRAGMA table_info({table})")])
    (value,) = file.execute(f'SELECT "{name}" FROM {table} WHERE rowid = ?', (row,)).fetchone()
    file.execute(f'UPDATE {table} SET "{name}" = ? WHERE rowid = ?', (changed(value, chance), row))
    return f"changed {name} in row {row} of {table}"


def changed(value: Any, chance: random.Random) -> Any:
    """Return another value of the same type, as like the first as can be."""
    if value is None:
        return "1"
    if isinstance(value, int):
        return value + 1_000
    if not value:
        return value + (b"x" if isinstance(value, bytes) else "x")
    place = chance.randrange(len(value))
    if isinstance(value, bytes):
        return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    other = "b" if value[place] == "a" else "a"
    return value[:place] + other + value[place + 1 :]
