"""The SQL of photos: how far each has arrived, and who names it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from api.blobs.records import Blob, Shown, Use
from api.database.engine import Transaction


async def find_blob(tx: Transaction, log: str, account_id: UUID, sha256: bytes) -> Blob | None:
    """Return a photo as far as this account sent it."""
    row = await tx.one(
        "SELECT log, account_id, sha256, state, refusal, length, received, kept_bytes, begun_ms,"
        " seen_ms FROM blobs WHERE log = :log AND account_id = :account AND sha256 = :sha256",
        log=log,
        account=account_id.bytes,
        sha256=sha256,
    )
    return None if row is None else _read(row)


async def record_blob(tx: Transaction, blob: Blob) -> None:
    """Write how far a photo is."""
    await tx.run(
        "INSERT INTO blobs (log, account_id, sha256, state, refusal, length, received, kept_bytes,"
        " begun_ms, seen_ms) VALUES (:log, :account_id, :sha256, :state, :refusal, :length,"
        " :received, :kept_bytes, :begun_ms, :seen_ms)"
        " ON CONFLICT (log, account_id, sha256) DO UPDATE SET state = excluded.state,"
        " refusal = excluded.refusal, length = excluded.length, received = excluded.received,"
        " kept_bytes = excluded.kept_bytes, seen_ms = excluded.seen_ms",
        **{**msgspec.structs.asdict(blob), "account_id": blob.account_id.bytes},
    )


async def read_use(tx: Transaction, log: str, account_id: UUID, since_ms: int) -> Use:
    """Return what an account has here; an unfinished photo counts with its whole length."""
    row = await tx.one(
        "SELECT COALESCE(SUM(CASE state WHEN 'begun' THEN length ELSE kept_bytes END), 0),"
        " COALESCE(SUM(CASE WHEN begun_ms > :since THEN 1 ELSE 0 END), 0)"
        " FROM blobs WHERE log = :log AND account_id = :account",
        log=log,
        account=account_id.bytes,
        since=since_ms,
    )
    return Use(*map(int, row)) if row else Use(0, 0)


async def list_shown(
    tx: Transaction, log: str, sha256: bytes, after: Shown | None, limit: int
) -> list[Shown]:
    """Return a page of what a photo may be seen by, whoever may see the premises.

    Premises that name it count for what their own people sent: who only knows the name is in
    nobody's way.
    """
    rows = await tx.all(
        "SELECT p.premises_id, b.log, b.account_id, b.sha256, b.state, b.refusal, b.length,"
        " b.received, b.kept_bytes, b.begun_ms, b.seen_ms FROM premises p"
        " JOIN blobs b ON b.log = p.log AND b.sha256 = p.photo AND b.state = 'kept'"
        " WHERE p.log = :log AND p.photo = :sha256 AND (p.premises_id > :premises"
        " OR p.premises_id = :premises AND b.account_id > :account) AND (EXISTS (SELECT 1"
        " FROM entities n WHERE n.log = p.log AND n.entity = p.premises_id"
        " AND n.author = b.account_id) OR EXISTS (SELECT 1 FROM entries e"
        ' JOIN devices d ON d.log = e.log AND d.kid = e."by"'
        " WHERE e.log = p.log AND e.entity = p.premises_id AND d.account_id = b.account_id))"
        " ORDER BY p.premises_id, b.account_id LIMIT :limit",
        log=log,
        sha256=sha256,
        premises=after.premises_id.bytes if after else b"",
        account=after.blob.account_id.bytes if after else b"",
        limit=limit,
    )
    return [Shown(UUID(bytes=premises_id), _read(row)) for premises_id, *row in rows]


async def list_named(tx: Transaction, log: str) -> list[Shown]:
    """Return each account's photo that is kept, with the first premises that name it."""
    rows = await tx.all(
        "SELECT p.premises_id, b.log, b.account_id, b.sha256, b.state, b.refusal, b.length,"
        " b.received, b.kept_bytes, b.begun_ms, b.seen_ms FROM premises p"
        " JOIN blobs b ON b.log = p.log AND b.sha256 = p.photo AND b.state = 'kept'"
        " WHERE p.log = :log AND p.photo IS NOT NULL ORDER BY p.premises_id DESC",
        log=log,
    )
    shown = (Shown(UUID(bytes=premises_id), _read(row)) for premises_id, *row in rows)
    firsts = {(one.blob.sha256, one.blob.account_id): one for one in shown}
    return list(firsts.values())


async def note_named(tx: Transaction, log: str, now_ms: int, before_ms: int) -> None:
    """Put down that premises name these photos still; once a day for each is enough."""
    await tx.run(
        "UPDATE blobs SET seen_ms = :now WHERE log = :log AND seen_ms < :before"
        " AND state <> 'begun' AND EXISTS (SELECT 1 FROM premises"
        " WHERE premises.log = blobs.log AND premises.photo = blobs.sha256)",
        log=log,
        now=now_ms,
        before=before_ms,
    )


async def list_old(
    tx: Transaction, log: str, unfinished_ms: int, unnamed_ms: int, limit: int
) -> list[Blob]:
    """Return photos of which nothing arrived, or which nobody named, since these instants."""
    rows = await tx.all(
        "SELECT log, account_id, sha256, state, refusal, length, received, kept_bytes, begun_ms,"
        " seen_ms FROM blobs WHERE log = :log AND (seen_ms < :unnamed"
        " OR seen_ms < :unfinished AND state = 'begun') ORDER BY seen_ms LIMIT :limit",
        log=log,
        unfinished=unfinished_ms,
        unnamed=unnamed_ms,
        limit=limit,
    )
    return list(map(_read, rows))


async def list_blobs(tx: Transaction, log: str) -> list[Blob]:
    """Return every photo that has or may have a file."""
    rows = await tx.all(
        "SELECT log, account_id, sha256, state, refusal, length, received, kept_bytes, begun_ms,"
        " seen_ms FROM blobs WHERE log = :log AND state <> 'refused'",
        log=log,
    )
    return list(map(_read, rows))


async def measure_kept(tx: Transaction, log: str) -> tuple[int, int]:
    """Return how many photos are kept, and how many bytes they are."""
    row = await tx.one(
        "SELECT COUNT(*), COALESCE(SUM(kept_bytes), 0) FROM blobs"
        " WHERE log = :log AND state = 'kept'",
        log=log,
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


async def adopt(tx: Transaction, blobs: Sequence[Blob]) -> None:
    """Write down photos whose files are there; what is known of one already stays, but for that."""
    await tx.run_many(
        "INSERT INTO blobs (log, account_id, sha256, state, refusal, length, received, kept_bytes,"
        " begun_ms, seen_ms) VALUES (:log, :account_id, :sha256, :state, :refusal, :length,"
        " :received, :kept_bytes, :begun_ms, :seen_ms)"
        " ON CONFLICT (log, account_id, sha256) DO UPDATE SET state = excluded.state,"
        " received = blobs.length, kept_bytes = excluded.kept_bytes, seen_ms = excluded.seen_ms"
        " WHERE blobs.state = 'begun'",
        [{**msgspec.structs.asdict(blob), "account_id": blob.account_id.bytes} for blob in blobs],
    )


async def forget(tx: Transaction, blob: Blob) -> bool:
    """Delete what is known of a photo; False where something came of it meanwhile."""
    count = await tx.run(
        "DELETE FROM blobs WHERE log = :log AND account_id = :account AND sha256 = :sha256"
        " AND seen_ms = :seen",
        log=blob.log,
        account=blob.account_id.bytes,
        sha256=blob.sha256,
        seen=blob.seen_ms,
    )
    return count > 0


def _read(row: Sequence[Any]) -> Blob:
    log, account_id, *rest = row
    names = Blob.__struct_fields__[2:]
    return Blob(log=log, account_id=UUID(bytes=account_id), **dict(zip(names, rest, strict=True)))
