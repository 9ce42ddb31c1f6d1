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
    """Push, then insert the same rows, in turn, so that a slow moment hits both."""
    data = folder / "batches"
    rounds: list[tuple[Load, Load]] = []
    with compared(data) as running:
        owners = await enrol(CLIENTS, running.url)
        for number in range(ROUNDS):
            queues = [owner.prepare(PUSHES, DOCUMENTS) for owner in owners]
            load = await send(running.ports[0], queues, running.pid)
            rows = read_rows(data / "register.sqlite3")[-CLIENTS * PUSHES * DOCUMENTS :]
            rounds.append((load, insert(folder / f"raw-{number}.sqlite3", rows)))
    ratio = median(load.per_second / raw.per_second for load, raw in rounds)
    return [
        at_least("documents/s in pushes of 50 to raw SQLite", ratio, 0.5),
        informs("documents/s in pushes of 50", median(_rate(load) for load, _ in rounds)),
        informs("documents/s of raw SQLite", median(_rate(raw) for _, raw in rounds)),
        informs("document of 50 cpu ms", median(load.cpu_ms / DOCUMENTS for load, _ in rounds)),
        informs("document of raw cpu ms", median(raw.cpu_ms / DOCUMENTS for _, raw in rounds)),
    ]


def _rate(load: Load) -> float:
    return load.per_second * DOCUMENTS


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


def insert(database: Path, rows: Rows) -> Load:
    """Let SQLite take the documents, fifty a durable commit, each as long as a push."""
    with closing(sqlite3.connect(database, isolation_level=None)) as file:
        file.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        for path in list_migrations("sqlite"):
            file.executescript(path.read_text())
        latencies: list[float] = []
        cpu = time.process_time()
        for first in range(0, len(rows), DOCUMENTS):
            began = time.perf_counter()
            file.execute("BEGIN IMMEDIATE")
            insert_some(file, rows[first : first + DOCUMENTS])
            file.execute("COMMIT")
            latencies.append(time.perf_counter() - began)
        return Load(sum(latencies), latencies, time.process_time() - cpu)


def insert_some(file: sqlite3.Connection, some: Sequence[dict[str, list[Any]]]) -> None:
    for table, _ in TABLES:
        values = [row for document in some for row in document[table]]
        places = ", ".join("?" * len(values[0]))
        file.executemany(f"INSERT INTO {table} VALUES ({places})", values)
