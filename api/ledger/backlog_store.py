"""The SQL of documents that wait, and of what is kept of those refused."""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from api.ledger.records import Key, Prepared, Pusher
from sync.custody import Fault
from sync.document import Document
from sync.messages import Item

Reason = Literal["missing", "quarantine", "quota"]
"""Why it waits: what it rests on, an officer's verdict, or its author's verification."""
REFUSALS_KEPT_MS = 90 * 86_400_000
BACKLOG_KEPT_MS = 30 * 86_400_000


class Waiting(msgspec.Struct, frozen=True):
    """A document in the backlog, with who sent it."""

    key: Key
    item: Item
    pusher: Pusher


async def hold(
    tx: Transaction,
    log: str,
    held: Sequence[tuple[Prepared, tuple[UUID, ...], Pusher]],
    now_ms: int,
) -> None:
    """Keep documents until what they miss arrives; with nothing missing they wait in quarantine.

    What is in quarantine waits under its own id for an officer's verdict.
    """
    await tx.run_many(
        "INSERT INTO backlog (log, id, hash, pusher, item, held_ms, reason)"
        " VALUES (:log, :id, :hash, :pusher, :item, :now, :reason)",
        [
            {
                "log": log,
                "id": prepared.document.id.bytes,
                "hash": prepared.document.hash,
                "pusher": msgspec.json.encode(pusher),
                "item": msgspec.json.encode(prepared.document.item),
                "now": now_ms,
                "reason": "missing" if missing else "quarantine",
            }
            for prepared, missing, pusher in held
        ],
    )
    await tx.run_many(
        "INSERT INTO backlog_waits (log, missing_id, id, hash)"
        " VALUES (:log, :missing, :id, :hash) ON CONFLICT DO NOTHING",
        [
            {
                "log": log,
                "missing": missing_id.bytes,
                "id": prepared.document.id.bytes,
                "hash": prepared.document.hash,
            }
            for prepared, missing, _ in held
            for missing_id in missing or (prepared.document.id,)
        ],
    )


async def find_held(tx: Transaction, log: str, ids: Sequence[UUID]) -> set[tuple[UUID, bytes]]:
    """Return the (id, hash) that wait under these ids; waiting reserves no id."""
    if not ids:
        return set()
    rows = await tx.all(
        "SELECT id, hash FROM backlog WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    return {(UUID(bytes=row[0]), row[1]) for row in rows}


async def count_held(tx: Transaction, log: str, pushers: Sequence[Pusher]) -> dict[Pusher, int]:
    """Return how many documents wait for each of these senders."""
    by_key = {msgspec.json.encode(pusher): pusher for pusher in pushers}
    rows = await tx.all(
        "SELECT pusher, COUNT(*) FROM backlog WHERE log = :log AND pusher IN (:pushers)"
        " GROUP BY pusher",
        log=log,
        pushers=list(by_key),
    )
    return {by_key[row[0]]: row[1] for row in rows}


async def list_held_payloads(tx: Transaction, log: str) -> list[bytes]:
    """Return the payloads of everything that waits, whoever signed it."""
    rows = await tx.all("SELECT item FROM backlog WHERE log = :log", log=log)
    return [msgspec.json.decode(row[0], type=Item).payload.encode() for row in rows]


async def list_waiting(tx: Transaction, log: str, ids: Sequence[UUID]) -> list[Waiting]:
    """Return the documents that wait for any of these ids, longest held first."""
    if not ids:
        return []
    rows = await tx.all(
        "SELECT b.id, b.item, b.pusher, b.held_ms, b.hash FROM backlog b WHERE b.log = :log"
        " AND b.id IN (SELECT w.id FROM backlog_waits w"
        " WHERE w.log = :log AND w.missing_id IN (:ids))",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    # Joined, or asked to sort, SQLite would walk through the whole backlog at every push.
    rows.sort(key=lambda row: (row[3], row[0], row[4]))
    return [
        Waiting(
            (UUID(bytes=row[0]), row[4]),
            msgspec.json.decode(row[1], type=Item),
            msgspec.json.decode(row[2], type=Pusher),
        )
        for row in rows
    ]


async def load_items(tx: Transaction, log: str, keys: Sequence[Key]) -> list[Item]:
    """Return the items that wait among these."""
    if not keys:
        return []
    rows = await tx.all(
        "SELECT id, hash, item FROM backlog WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id, _ in keys],
    )
    wanted = set(keys)
    waiting = (row for row in rows if (UUID(bytes=row[0]), row[1]) in wanted)
    return [msgspec.json.decode(row[2], type=Item) for row in waiting]


async def save_items(tx: Transaction, log: str, documents: Sequence[Document]) -> None:
    """Keep these documents as they are now, with what came for them while they waited."""
    await tx.run_many(
        "UPDATE backlog SET item = :item WHERE log = :log AND id = :id AND hash = :hash",
        [
            {
                "log": log,
                "id": document.id.bytes,
                "hash": document.hash,
                "item": msgspec.json.encode(document.item),
            }
            for document in documents
        ],
    )


async def move(tx: Transaction, log: str, moved: Mapping[Key, tuple[Reason, UUID]]) -> None:
    """Let documents wait for something else, since when they waited at all."""
    rows = [
        {"log": log, "id": one.bytes, "hash": digest, "reason": reason, "awaited": awaited.bytes}
        for (one, digest), (reason, awaited) in moved.items()
    ]
    await tx.run_many(
        "UPDATE backlog SET reason = :reason WHERE log = :log AND id = :id AND hash = :hash", rows
    )
    await tx.run_many(
        "DELETE FROM backlog_waits WHERE log = :log AND id = :id AND hash = :hash", rows
    )
    await tx.run_many(
        "INSERT INTO backlog_waits (log, missing_id, id, hash) VALUES (:log, :awaited, :id, :hash)",
        rows,
    )


async def release(tx: Transaction, log: str, keys: Sequence[Key]) -> None:
    """Take documents out of the backlog: they are in the log now, or refused."""
    named = [{"log": log, "id": one.bytes, "hash": digest} for one, digest in keys]
    await tx.run_many(
        "DELETE FROM backlog_waits WHERE log = :log AND id = :id AND hash = :hash", named
    )
    await tx.run_many("DELETE FROM backlog WHERE log = :log AND id = :id AND hash = :hash", named)


async def record_refusals(
    tx: Transaction, log: str, refused: Sequence[tuple[Prepared, Fault]], now_ms: int
) -> None:
    """Leave (id, hash, by, code, at) of refused documents for the operator: no content."""
    await tx.run_many(
        'INSERT INTO refusals (log, id, hash, "by", code, at_ms)'
        " VALUES (:log, :id, :hash, :by, :code, :now)"
        " ON CONFLICT (log, id, hash) DO UPDATE SET code = excluded.code, at_ms = excluded.at_ms",
        [
            {
                "log": log,
                "id": prepared.document.id.bytes,
                "hash": prepared.document.hash,
                "by": prepared.document.kid,
                "code": fault.code,
                "now": now_ms,
            }
            for prepared, fault in refused
        ],
    )


async def count_by_reason(tx: Transaction, log: str) -> dict[str, int]:
    """Return how many documents wait, by what they wait for."""
    rows = await tx.all(
        "SELECT reason, COUNT(*) FROM backlog WHERE log = :log GROUP BY reason", log=log
    )
    return dict(rows)


async def expire(tx: Transaction, log: str, now_ms: int) -> int:
    """Refuse what waited 30 days, forget refusals older than 90; return how many expired."""
    before = now_ms - BACKLOG_KEPT_MS
    await tx.run(
        'INSERT INTO refusals (log, id, hash, "by", code, at_ms)'
        " SELECT log, id, hash, '', 'dependency', :now FROM backlog"
        " WHERE log = :log AND held_ms < :before AND reason = 'missing'"
        " ON CONFLICT (log, id, hash) DO UPDATE SET code = 'dependency', at_ms = excluded.at_ms",
        log=log,
        now=now_ms,
        before=before,
    )
    await tx.run(
        "DELETE FROM backlog_waits WHERE log = :log AND (id, hash) IN (SELECT id, hash FROM backlog"
        " WHERE log = :log AND held_ms < :before AND reason = 'missing')",
        log=log,
        before=before,
    )
    await tx.run(
        "DELETE FROM refusals WHERE log = :log AND at_ms < :old",
        log=log,
        old=now_ms - REFUSALS_KEPT_MS,
    )
    return await tx.run(
        "DELETE FROM backlog WHERE log = :log AND held_ms < :before AND reason = 'missing'",
        log=log,
        before=before,
    )
