"""Makes a register large: copies of real stays under new ids and names; TEST DATA throughout.

A copy has its own values beside its signature, and of four three are accepted, as in a register
that the police keep up with. Copies carry no valid receipts or links, and only a benchmark may
make them.
"""

import random
import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sync.document import uuid7

_FIRST_MS = 1_640_995_200_000
_BEGINNINGS = ("B", "CH", "D", "H", "K", "KH", "L", "M", "N", "NG", "P", "PH", "S", "T", "TH", "V")
_SYLLABLES = ["".join(sounds) for sounds in product(_BEGINNINGS, "AEIOU", ("", "K", "N", "T", "M"))]
_COLUMNS = {
    "entries": ("pos", "id", "entity", "chain"),
    "payloads": ("id",),
    "disclosures": ("id",),
    "entities": ("entity", "revision", "effect", "created_pos", "changed_pos", "detail"),
    "stays": ("stay_id", "document_key", "document_series"),
}
_KEYS = {
    "entries": "id",
    "payloads": "id",
    "disclosures": "id",
    "entities": "entity",
    "stays": "stay_id",
}
_CHUNK = 5_000
# Nobody else has the file open, and what breaks off is made anew: the indexes stay in memory.
_IN_HASTE = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000")
# Copies have ids of 2022; what came over HTTP has one of today.
_REAL_FROM = (1_735_689_600_000).to_bytes(6) + bytes(10)
_EFFECTS = ("accepted", "accepted", "accepted", "pending")
Copy = tuple[int, bytes]


def fill(database: Path, size: int) -> None:
    """Let the log have so many entries; stays have to be there and nobody may serve it."""
    with closing(sqlite3.connect(database, isolation_level=None)) as file:
        for pragma in _IN_HASTE:
            file.execute(f"PRAGMA {pragma}")
        [(log, pos)] = file.execute("SELECT log, pos FROM heads")
        models = [read_model(file, model) for model in list_models(file)]
        chance = random.Random(size)
        for first in range(pos + 1, size + 1, _CHUNK):
            numbers = range(first, min(first + _CHUNK, size + 1))
            copies = [(number, uuid7(_FIRST_MS + number).bytes) for number in numbers]
            file.execute("BEGIN IMMEDIATE")
            for at, model in enumerate(models):
                copy_stay(file, model, copies[at :: len(models)])
            file.executemany(
                "INSERT OR IGNORE INTO stay_names (log, token, stay_id) VALUES (?, ?, ?)",
                ((log, token, id) for _, id in copies for token in make_tokens(chance)),
            )
            file.execute("UPDATE heads SET pos = ?", (numbers[-1],))
            file.execute("COMMIT")
        file.execute("PRAGMA journal_mode = WAL")


def list_models(file: sqlite3.Connection) -> list[bytes]:
    """Return the stays that were pushed, in the order of their ids."""
    rows = file.execute(
        "SELECT stay_id FROM stays WHERE stay_id > ? ORDER BY stay_id", (_REAL_FROM,)
    )
    return [row[0] for row in rows]


class Rows(NamedTuple):
    """What a stay left in a table: an insertion, its rows, and which columns a copy changes."""

    insertion: str
    rows: list[tuple[Any, ...]]
    changed: dict[int, str]


def read_model(file: sqlite3.Connection, model: bytes) -> tuple[bytes, list[Rows]]:
    """Return a stay with its rows in every table."""
    found: list[Rows] = []
    for table, columns in _COLUMNS.items():
        names = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
        rows = file.execute(f"SELECT * FROM {table} WHERE {_KEYS[table]} = ?", (model,)).fetchall()
        places = ", ".join("?" * len(names))
        changed = {names.index(name): name for name in columns}
        found.append(Rows(f"INSERT INTO {table} VALUES ({places})", rows, changed))
    return model, found


def copy_stay(
    file: sqlite3.Connection, model: tuple[bytes, list[Rows]], copies: list[Copy]
) -> None:
    """Insert the rows of a stay in every table once for every copy, with some columns changed."""
    id, tables = model
    for insertion, rows, changed in tables:
        file.executemany(
            insertion, (alter(row, changed, id, copy) for copy in copies for row in rows)
        )


def alter(row: tuple[Any, ...], changed: dict[int, str], model: bytes, copy: Copy) -> list[Any]:
    """Return a row with the columns changed that make it a copy of its own."""
    altered = list(row)
    for at, name in changed.items():
        altered[at] = change(name, row[at], model, copy)
    return altered


def change(column: str, value: Any, model: bytes, copy: Copy) -> object:
    """Return what a copy has in a column."""
    number, id = copy
    if column == "detail":
        old, new = (str(UUID(bytes=one)).encode() for one in (model, id))
        return value.replace(old, new)
    values: dict[str, object] = {
        **dict.fromkeys(("pos", "created_pos", "changed_pos"), number),
        "chain": number.to_bytes(32),
        "document_key": f"UTO:COPY{number}",
        "document_series": f"UTO:COPY{number}"[:-2],
        "effect": _EFFECTS[number // len(_EFFECTS) % len(_EFFECTS)],
    }
    return values.get(column, id)


def make_tokens(chance: random.Random) -> set[str]:
    """Return the words of an invented name, and all of it in one piece."""
    words = ["".join(chance.choices(_SYLLABLES, k=count)) for count in (1, 2)]
    return {*words, "".join(words)}
