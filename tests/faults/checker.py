"""Compares a run's history with the log it left; every test of faults ends with it.

It knows nothing but what the database holds and the protocol's own primitives, so that a mistake
of the register's cannot hide behind itself.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from sync.chain import first_link, next_link
from sync.instants import write_instant
from sync.keys import encode_base64url
from sync.receipts import read_receipt
from tests.faults.held import Held, Logged
from tests.faults.history import History
from tests.makers import LOG


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


def check(history: History, held: Held) -> Findings:
    """Return everything that a history and the log contradict each other in."""
    return Findings(
        lost=find_lost(history, held.entries),
        doubled=find_doubled(held),
        broken=find_broken(history, held.entries),
        unproven=find_unproven(history, held.entries),
        damaged=[*held.damage, *find_breaks(held)],
    )


def find_lost(history: History, entries: list[Logged]) -> list[UUID]:
    """What a device saved and the log does not hold, or holds otherwise."""
    held = {entry.id: encode_base64url(entry.hash) for entry in entries}
    return [id for id, digest in history.saved.items() if held.get(id) != digest]


def find_doubled(held: Held) -> list[Any]:
    """Documents that stand twice by id or by author and number, and stays of one document."""
    signed = [msgspec.json.decode(entry.payload, type=_Signed) for entry in held.entries]
    uses = Counter[Any](entry.id for entry in held.entries)
    uses.update((one.by, one.seq) for one in signed)
    uses.update(held.document_keys)
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


def find_outdated(receipts: Mapping[UUID, str], held: Held) -> list[UUID]:
    """Receipts on phones, once all is confirmed, that are not those of the log."""
    known = {entry.id: entry.receipt for entry in held.entries}
    return [id for id, receipt in receipts.items() if known.get(id) != receipt]


def find_breaks(held: Held) -> list[str]:
    """Where positions, times, payloads or links do not follow one another up to the head."""
    breaks: list[str] = []
    pos, chain, received_ms = 0, first_link(LOG), 0
    for entry in held.entries:
        link = next_link(chain, pos + 1, entry.id, entry.hash, received_ms=entry.received_ms)
        is_next = (entry.pos, entry.chain) == (pos + 1, link)
        is_whole = hashlib.sha256(entry.payload or b"").digest() == entry.hash
        if not (is_next and is_whole and entry.received_ms >= received_ms):
            breaks.append(f"position {entry.pos}")
        pos, chain, received_ms = entry.pos, entry.chain, entry.received_ms
    return breaks if held.head == (pos, chain) else [*breaks, "head"]
