"""Pushes of fifty documents, beside SQLite alone inserting the very rows that they left."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from api.database.migrate import list_migrations
from tests.benchmarks.figures import Figure, at_least, informs
from tests.benchmarks.load import Load, send
from tests.benchmarks.people import enrol
from tests.benchmarks.running import compared

CLIENTS = 8
PUSHES = 3
DOCUMENTS = 50
ROUNDS = 3
# Table, and the column by which its rows belong to a document.
TABLES = (
    ("entries", "id"),
    ("payloads", "id"),
    ("disclosures", "id"),
    ("entities", "entity"),
    ("stays", "stay_id"),
    ("stay_names", "stay_id"),
)


async def measure(folder: Path) -> list[Figure]:
    """Push, then insert the same rows with fifty documents a commit."""
    data = folder / "batches"
    with compared(data) as running:
        owners = await enrol(CLIENTS, running.url)
        loads: list[Load] = []
        for _ in range(ROUNDS):
            queues = [owner.prepare(PUSHES, DOCUMENTS) for owner in owners]
            loads.append(await send(running.ports[0], queues, running.pid))
    rows = read_rows(data / "register.sqlite3")
    raw = [insert(folder / f"raw-{number}.sqlite3", rows) for number in range(ROUNDS)]
    pushed = median(load.per_second * DOCUMENTS for load in loads)
    return [
        at_least("documents/s in pushes of 50 to raw SQLite", pushed / median(raw), 0.5),
        informs("documents/s in pushes of 50", pushed),
        informs("documents/s of raw SQLite", median(raw)),
        informs("document of 50 cpu ms", median(load.cpu_ms / DOCUMENTS for load in loads)),
    ]


Rows = list[dict[str, list[tuple[Any, ...]]]]


def read_rows(database: Path) -> Rows:
    """Return the rows of every stay, document by document, table by table."""
    with closing(sqlite3.connect(database)) as file:
        ids = file.execute("SELECT id FROM entries WHERE kind = 'stay' ORDER BY pos").fetchall()
        return [
            {
                table: file.execute(f"SELECT * FROM {table} WHERE {key} = ?", id).fetchall()
                for table, key in TABLES
            }
            for id in ids
        ]


def insert(database: Path, rows: Rows) -> float:
    """Return how many documents a second SQLite takes, fifty a durable commit."""
    with closing(sqlite3.connect(database, isolation_level=None)) as file:
        file.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        for path in list_migrations("sqlite"):
            file.executescript(path.read_text())
        began = time.perf_counter()
        for first in range(0, len(rows), DOCUMENTS):
            file.execute("BEGIN IMMEDIATE")
            insert_some(file, rows[first : first + DOCUMENTS])
            file.execute("COMMIT")
        return len(rows) / (time.perf_counter() - began)


def insert_some(file: sqlite3.Connection, some: Sequence[dict[str, list[Any]]]) -> None:
    for table, _ in TABLES:
        values = [row for document in some for row in document[table]]
        places = ", ".join("?" * len(values[0]))
        file.executemany(f"INSERT INTO {table} VALUES ({places})", values)
