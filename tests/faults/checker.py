"""Compares a run's history with the log it left; every test of faults ends with it.

It reads the database file with nothing but SQLite and the protocol's own primitives, so that a
mistake of the register's stores cannot hide behind itself.
"""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from sync.chain import first_link, next_link
from sync.instants import write_instant
from sync.keys import encode_base64url
from sync.receipts import read_receipt
from tests.faults.history import History
from tests.makers import LOG


class Logged(Struct, frozen=True):
    """An entry with its payload as they stand in the file."""

    pos: int
    id: UUID
    hash: bytes
    kind: str
    received_ms: int
    chain: bytes
    receipt: str
    payload: bytes


class Findings(Struct, frozen=True, kw_only=True):
    """What does not hold; a run without fault leaves every list empty."""

    lost: list[UUID] = []
    doubled: list[Any] = []
    broken: list[UUID] = []
    unproven: list[UUID] = []
    damaged: list[str] = []


NOTHING = Findings()


class _Signed(Struct):
    by: str
    seq: int
    after: list[UUID]


def check(history: History, database: Path) -> Findings:
    """Return everything that a history and the log contradict each other in."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
        entries = read_entries(file)
        return Findings(
            lost=find_lost(history, entries),
            doubled=find_doubled(file, entries),
            broken=find_broken(history, entries),
            unproven=find_unproven(history, entries),
            damaged=[*find_damage(file), *find_breaks(file, entries)],
        )


def read_entries(file: sqlite3.Connection) -> list[Logged]:
    """Return the log in its order."""
    rows = file.execute(
        "SELECT e.pos, e.id, e.hash, e.kind, e.received_ms, e.chain, e.receipt, p.bytes"
        " FROM entries e LEFT JOIN payloads p ON p.log = e.log AND p.id = e.id"
        " WHERE e.log = ? ORDER BY e.pos",
        (LOG,),
    )
    return [Logged(pos, UUID(bytes=id), *rest) for pos, id, *rest in rows]


def find_lost(history: History, entries: list[Logged]) -> list[UUID]:
    """What a device saved and the log does not hold, or holds otherwise."""
    held = {entry.id: encode_base64url(entry.hash) for entry in entries}
    return [id for id, digest in history.saved.items() if held.get(id) != digest]


def find_doubled(file: sqlite3.Connection, entries: list[Logged]) -> list[Any]:
    """Documents that stand twice by id or by author and number, and stays of one document."""
    signed = [msgspec.json.decode(entry.payload, type=_Signed) for entry in entries]
    uses = Counter[Any](entry.id for entry in entries)
    uses.update((one.by, one.seq) for one in signed)
    uses.update(key for (key,) in file.execute("SELECT document_key FROM stays"))
    return [what for what, count in uses.items() if count > 1]


def find_broken(history: History, entries: list[Logged]) -> list[UUID]:
    """Documents for which a receipt was given that the register no longer stands by."""
    held = {entry.id: {entry.receipt} for entry in entries}
    return [id for id, promised in history.promised.items() if promised != held.get(id)]


def find_unproven(history: History, entries: list[Logged]) -> list[UUID]:
    """Entries whose stored receipt does not hold, or says something else than the log."""
    return [entry.id for entry in entries if not _is_proven(history, entry)]


def _is_proven(history: History, entry: Logged) -> bool:
    try:
        receipt = read_receipt(entry.receipt, history.keys)
    except ValueError:
        return False
    said = (receipt.id, receipt.hash, receipt.pos, receipt.chain, receipt.received_at)
    return said == (
        entry.id,
        encode_base64url(entry.hash),
        entry.pos,
        encode_base64url(entry.chain),
        write_instant(entry.received_ms),
    )


def find_outdated(receipts: Mapping[UUID, str], database: Path) -> list[UUID]:
    """Receipts on phones, once all is confirmed, that are not those of the log."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
        held = {entry.id: entry.receipt for entry in read_entries(file)}
    return [id for id, receipt in receipts.items() if held.get(id) != receipt]


def find_damage(file: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    said = [str(row[0]) for row in file.execute("PRAGMA integrity_check")]
    return [line for line in said if line != "ok"]


def find_breaks(file: sqlite3.Connection, entries: list[Logged]) -> list[str]:
    """Where positions, times, payloads or links do not follow one another up to the head."""
    breaks: list[str] = []
    pos, chain, received_ms = 0, first_link(LOG), 0
    for entry in entries:
        link = next_link(chain, pos + 1, entry.id, entry.hash, received_ms=entry.received_ms)
        is_next = (entry.pos, entry.chain) == (pos + 1, link)
        is_whole = hashlib.sha256(entry.payload or b"").digest() == entry.hash
        if not (is_next and is_whole and entry.received_ms >= received_ms):
            breaks.append(f"position {entry.pos}")
        pos, chain, received_ms = entry.pos, entry.chain, entry.received_ms
    head = file.execute("SELECT pos, chain FROM heads WHERE log = ?", (LOG,)).fetchone()
    return breaks if head == (pos, chain) else [*breaks, "head"]
