"""Makes a register large: copies of one real stay under new ids and names; TEST DATA throughout.

The copies carry no valid receipts or links: they are weight for the indexes, and only a benchmark
may make them.
"""

import random
import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

from sync.document import uuid7

_FIRST_MS = 1_640_995_200_000
_BEGINNINGS = ("B", "CH", "D", "H", "K", "KH", "L", "M", "N", "NG", "P", "PH", "S", "T", "TH", "V")
_SYLLABLES = ["".join(sounds) for sounds in product(_BEGINNINGS, "AEIOU", ("", "K", "N", "T", "M"))]
_COLUMNS = {
    "entries": ("pos", "id", "entity", "chain"),
    "payloads": ("id",),
    "disclosures": ("id",),
    "entities": ("entity", "revision", "created_pos", "changed_pos"),
    "stays": ("stay_id", "document_key"),
}
_KEYS = {
    "entries": "id",
    "payloads": "id",
    "disclosures": "id",
    "entities": "entity",
    "stays": "stay_id",
}
_CHUNK = 5_000


def fill(database: Path, size: int) -> None:
    """Let the log have so many entries; one stay has to be there and nobody may serve it."""
    with closing(sqlite3.connect(database, isolation_level=None)) as file:
        [(log, pos, model)] = file.execute(
            "SELECT h.log, h.pos, (SELECT MAX(stay_id) FROM stays) FROM heads h"
        )
        chance = random.Random(size)
        for first in range(pos + 1, size + 1, _CHUNK):
            numbers = range(first, min(first + _CHUNK, size + 1))
            copies = [(number, uuid7(_FIRST_MS + number).bytes) for number in numbers]
            file.execute("BEGIN IMMEDIATE")
            for table, columns in _COLUMNS.items():
                copy_rows(file, table, columns, model, copies)
            file.executemany(
                "INSERT OR IGNORE INTO stay_names (log, token, stay_id) VALUES (?, ?, ?)",
                ((log, token, id) for _, id in copies for token in make_tokens(chance)),
            )
            file.execute("UPDATE heads SET pos = ?", (numbers[-1],))
            file.execute("COMMIT")
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def copy_rows(
    file: sqlite3.Connection,
    table: str,
    columns: tuple[str, ...],
    model: bytes,
    copies: list[tuple[int, bytes]],
) -> None:
    """Insert the model's rows of a table once for every copy, with these columns changed."""
    names = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
    rows = file.execute(f"SELECT * FROM {table} WHERE {_KEYS[table]} = ?", (model,)).fetchall()
    changed = {name: names.index(name) for name in columns}

    places = ", ".join("?" * len(names))
    file.executemany(
        f"INSERT INTO {table} VALUES ({places})",
        (alter(row, changed, number, id) for number, id in copies for row in rows),
    )


def alter(row: tuple[Any, ...], changed: dict[str, int], number: int, id: bytes) -> tuple[Any, ...]:
    """Return a row with the columns changed that make it a copy of its own."""
    values = {at: change(name, number, id) for name, at in changed.items()}
    return tuple(values.get(at, value) for at, value in enumerate(row))


def change(column: str, number: int, id: bytes) -> object:
    """Return what a copy has in a column."""
    match column:
        case "pos" | "created_pos" | "changed_pos":
            return number
        case "chain":
            return number.to_bytes(32)
        case "document_key":
            return f"UTO:COPY{number}"
        case _:
            return id


def make_tokens(chance: random.Random) -> set[str]:
    """Return the words of an invented name, and all of it in one piece."""
    words = ["".join(chance.choices(_SYLLABLES, k=count)) for count in (1, 2)]
    return {*words, "".join(words)}
