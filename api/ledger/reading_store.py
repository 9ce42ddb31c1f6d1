"""The SQL of readers of the log: heads, changes in a scope, ids, disclosures, receipts."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from api.database.engine import Row, Transaction
from api.ledger.records import Entity, Head, Pusher, Scope
from api.ledger.store import read_entity
from sync.chain import first_link

SCAN_ENTRIES_MAX: Final = 5_000
_read_pusher: Final = msgspec.json.Decoder(Pusher).decode


class Logged(Struct, frozen=True):
    """An entry in a reader's scope, without its content."""

    pos: int
    id: UUID
    hash: bytes
    kind: str
    entity: UUID
    place: str
    received_ms: int


async def read_head(tx: Transaction, log: str) -> Head:
    """Return where the log ends in this snapshot."""
    row = await tx.one("SELECT pos, chain, received_ms FROM heads WHERE log = :log", log=log)
    return Head(*row) if row is not None else Head(0, first_link(log), 0)


async def find_link(tx: Transaction, log: str, pos: int) -> bytes | None:
    """Return the chain at a position, or None beyond the end."""
    if pos == 0:
        return first_link(log)
    row = await tx.one(
        "SELECT chain FROM entries WHERE log = :log AND pos = :pos", log=log, pos=pos
    )
    return None if row is None else row[0]


async def find_newest(tx: Transaction, log: str) -> tuple[int, str] | None:
    """Return position and receipt of the newest entry, as every version of the tables has them."""
    row = await tx.one(
        "SELECT pos, receipt FROM entries WHERE log = :log ORDER BY pos DESC LIMIT 1", log=log
    )
    return None if row is None else (row[0], row[1])


class Stretch(Struct, frozen=True):
    """A part of the log, `after < pos <= until`: so many entries at most, of these kinds or any."""

    after: int
    until: int
    limit: int
    kinds: tuple[str, ...] = ()


async def list_entries(tx: Transaction, log: str, scope: Scope, stretch: Stretch) -> list[Logged]:
    """Return the entries of a stretch that lie in the scope, in order."""
    asked: dict[str, Any] = {
        "log": log,
        "after": stretch.after,
        "until": stretch.until,
        "limit": stretch.limit,
        "of_any_kind": int(not stretch.kinds),
        "kinds": stretch.kinds or ("",),
    }
    if scope.account_id is not None and not scope.everything:
        return await _list_of_account(tx, scope.account_id, scope.now_ms, asked)
    if not (scope.everything or scope.places):
        return []
    rows = await tx.all(
        "SELECT pos, id, hash, kind, entity, place, received_ms FROM entries"
        " WHERE log = :log AND pos > :after AND pos <= :until"
        " AND (:everywhere = 1 OR place || '' IN (:places))"
        " AND (:of_any_kind = 1 OR kind IN (:kinds)) ORDER BY pos LIMIT :limit",
        everywhere=int(scope.everything),
        places=scope.places or ("",),
        **asked,
    )
    return [_read_logged(row) for row in rows]


async def _list_of_account(
    tx: Transaction, account_id: UUID, now_ms: int, asked: dict[str, Any]
) -> list[Logged]:
    rows = await tx.all(
        "SELECT e.pos, e.id, e.hash, e.kind, e.entity, e.place, e.received_ms FROM entries e"
        " JOIN entities n ON n.log = e.log AND n.entity = e.entity"
        " WHERE e.log = :log AND e.pos > :after AND e.pos <= :until"
        " AND (:of_any_kind = 1 OR e.kind IN (:kinds))"
        " AND (n.premises_id IS NULL AND n.author = :account OR n.premises_id IN"
        " (SELECT g.premises_id FROM premises_grants g WHERE g.log = :log"
        " AND g.account_id = :account AND g.is_live = 1"
        " AND (g.expires_ms IS NULL OR g.expires_ms > :now))"
        " OR n.premises_id IN (SELECT o.entity FROM entities o WHERE o.log = :log"
        " AND o.author = :account AND o.kind = 'premises'))"
        " ORDER BY e.pos LIMIT :limit",
        account=account_id.bytes,
        now=now_ms,
        **asked,
    )
    return [_read_logged(row) for row in rows]


async def find_beginning(tx: Transaction, log: str, scope: Scope, after: int, head: int) -> int:
    """Return after which position the scope's next entry stands; the head when there is none.

    A place is looked up in its index: a small commune need not walk through a large log.
    """
    if scope.everything:
        return after
    rows = await tx.all_each(
        "SELECT MIN(pos) FROM entries WHERE log = :log AND place = :place AND pos > :after",
        [{"log": log, "place": place, "after": after} for place in scope.places],
    )
    return min((row[0] - 1 for row in rows if row[0] is not None), default=head)


def _read_logged(row: Row) -> Logged:
    pos, document_id, digest, kind, entity, place, received_ms = row
    return Logged(
        pos,
        UUID(bytes=document_id),
        digest,
        kind,
        UUID(bytes=entity),
        place,
        received_ms,
    )


async def list_entities(
    tx: Transaction, log: str, scope: Scope, *, after: UUID | None, limit: int
) -> list[Entity]:
    """Return entities in the scope in the order of their ids, for a snapshot; None begins it."""
    above = b"" if after is None else after.bytes
    if scope.account_id is not None:
        rows = await tx.all(
            "SELECT log, entity, kind, revision, effect, place, premises_id, author,"
            " created_pos, changed_pos, received_ms, body, detail FROM entities"
            " WHERE log = :log AND entity > :after"
            " AND (premises_id IS NULL AND author = :account OR premises_id IN"
            " (SELECT g.premises_id FROM premises_grants g WHERE g.log = :log"
            " AND g.account_id = :account AND g.is_live = 1"
            " AND (g.expires_ms IS NULL OR g.expires_ms > :now))"
            " OR premises_id IN (SELECT o.entity FROM entities o WHERE o.log = :log"
            " AND o.author = :account AND o.kind = 'premises'))"
            " ORDER BY entity LIMIT :limit",
            log=log, after=above, limit=limit,
            account=scope.account_id.bytes, now=scope.now_ms,
        )  # fmt: skip
    elif scope.everything:
        rows = await tx.all(
            "SELECT log, entity, kind, revision, effect, place, premises_id, author,"
            " created_pos, changed_pos, received_ms, body, detail FROM entities"
            " WHERE log = :log AND entity > :after ORDER BY entity LIMIT :limit",
            log=log, after=above, limit=limit,
        )  # fmt: skip
    elif scope.places:
        rows = await tx.all(
            "SELECT log, entity, kind, revision, effect, place, premises_id, author,"
            " created_pos, changed_pos, received_ms, body, detail FROM entities"
            " WHERE log = :log AND entity > :after AND place IN (:places)"
            " ORDER BY entity LIMIT :limit",
            log=log, after=above, limit=limit, places=scope.places,
        )  # fmt: skip
    else:
        rows = []
    return [read_entity(row) for row in rows]


async def list_verifications(tx: Transaction, log: str, *, after: int, until: int) -> list[Entity]:
    """Return the verifications of accounts with `after < pos <= until`, wherever they were made."""
    rows = await tx.all(
        "SELECT log, entity, kind, revision, effect, place, premises_id, author,"
        " created_pos, changed_pos, received_ms, body, detail FROM entities WHERE log = :log"
        " AND kind = 'verification' AND created_pos > :after AND created_pos <= :until"
        " ORDER BY created_pos",
        log=log, after=after, until=until,
    )  # fmt: skip
    return [read_entity(row) for row in rows]


async def list_written(
    tx: Transaction, log: str, scope: Scope, author: UUID, limit: int
) -> list[Entity]:
    """Return what an account declared in these places, oldest first."""
    rows = await tx.all(
        "SELECT log, entity, kind, revision, effect, place, premises_id, author,"
        " created_pos, changed_pos, received_ms, body, detail FROM entities"
        " WHERE log = :log AND author = :author"
        " AND kind IN ('premises', 'stay', 'declaration', 'pledge')"
        " AND (:everything = 1 OR place IN (:places)) ORDER BY created_pos LIMIT :limit",
        log=log, author=author.bytes, limit=limit,
        everything=int(scope.everything), places=scope.places or ("",),
    )  # fmt: skip
    return [read_entity(row) for row in rows]


async def find_positions(tx: Transaction, log: str, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return where ids stand in the log, whoever sent them: for the register itself."""
    if not ids:
        return {}
    rows = await tx.all(
        "SELECT id, pos FROM entries WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    return {UUID(bytes=row[0]): row[1] for row in rows}


async def load_disclosures(
    tx: Transaction, log: str, ids: Sequence[UUID]
) -> dict[UUID, dict[str, str]]:
    """Return the disclosures' texts of these documents by name."""
    if not ids:
        return {}
    rows = await tx.all(
        "SELECT id, name, bytes FROM disclosures WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    texts: dict[UUID, dict[str, str]] = {}
    for document_id, name, data in rows:
        texts.setdefault(UUID(bytes=document_id), {})[name] = data.decode()
    return texts


async def find_known(
    tx: Transaction, log: str, ids: Sequence[UUID], scope: Scope, asker: Pusher
) -> dict[UUID, int]:
    """Return where ids stand in the log, of those in the scope and those that the asker signed.

    A relay is told of every id: the log does not say what it carried for others.
    """
    if not ids:
        return {}
    rows = await tx.all(
        "SELECT e.id, e.pos, e.place, d.account_id FROM entries e LEFT JOIN devices d"
        ' ON d.log = e.log AND d.kid = e."by" WHERE e.log = :log AND e.id IN (:ids)',
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    everything = scope.everything or asker.is_relay
    own = asker.account_id.bytes if asker.account_id else None
    return {
        UUID(bytes=document_id): pos
        for document_id, pos, place, signer in rows
        if everything or place in scope.places or signer == own
    }


async def find_waiting(tx: Transaction, log: str, ids: Sequence[UUID], asker: Pusher) -> set[UUID]:
    """Return which ids wait in the backlog because the asker sent them; a relay is told of all."""
    if not ids:
        return set()
    rows = await tx.all(
        "SELECT id, pusher FROM backlog WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    return {
        UUID(bytes=document_id)
        for document_id, pusher in rows
        if asker.is_relay or _read_pusher(pusher).account_id == asker.account_id
    }


async def find_receipt(
    tx: Transaction, log: str, document_id: UUID
) -> tuple[str, UUID, UUID | None] | None:
    """Return the stored receipt of a document, the entity it belongs to, and who signed it."""
    row = await tx.one(
        "SELECT e.receipt, e.entity, d.account_id FROM entries e LEFT JOIN devices d"
        ' ON d.log = e.log AND d.kid = e."by" WHERE e.log = :log AND e.id = :id',
        log=log,
        id=document_id.bytes,
    )
    if row is None:
        return None
    receipt, entity, signer = row
    return receipt, UUID(bytes=entity), None if signer is None else UUID(bytes=signer)


async def find_number(tx: Transaction, log: str, kid: str) -> int:
    """Return the highest `seq` that a key of the register has in its log."""
    row = await tx.one("SELECT seq FROM numbers WHERE log = :log AND kid = :kid", log=log, kid=kid)
    return 0 if row is None else row[0]
