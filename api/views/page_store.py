"""The SQL of lists: which entities of a kind a reader's scope holds, newest first.

One statement a way of asking, each served by one index in the order of the answer. `|| ''` keeps
the planner from an index that would have to sort.
"""

from uuid import UUID

from api.database.engine import Row, Transaction
from api.ledger.reading_store import Scope
from api.views.records import Slice, Wanted


async def list_ids(
    tx: Transaction, log: str, scope: Scope, wanted: Wanted, part: Slice
) -> list[UUID]:
    """Return the ids of a part of a list."""
    if wanted.premises_id is not None:
        rows = await _list_at_premises(tx, log, wanted, part)
    elif scope.account_id is not None:
        rows = await _list_of_account(tx, log, scope.account_id, wanted, part)
    else:
        rows = await _list_in_places(tx, log, scope, wanted, part)
    return [UUID(bytes=row[0]) for row in rows]


async def _list_at_premises(tx: Transaction, log: str, wanted: Wanted, part: Slice) -> list[Row]:
    return await tx.all(
        "SELECT entity FROM entities WHERE log = :log AND premises_id = :premises"
        " AND kind = :kind AND created_pos < :before"
        " AND (:effect = '' OR effect = :effect) AND (:place = '' OR place = :place)"
        " ORDER BY created_pos DESC LIMIT :limit",
        log=log,
        premises=wanted.premises_id.bytes if wanted.premises_id else b"",
        kind=wanted.kind,
        effect=wanted.effect or "",
        place=wanted.place or "",
        before=part.before,
        limit=part.limit,
    )


async def _list_of_account(
    tx: Transaction, log: str, account_id: UUID, wanted: Wanted, part: Slice
) -> list[Row]:
    """An account's own entries and those at premises that it made or was granted."""
    return await tx.all(
        "SELECT entity FROM entities WHERE log = :log AND kind = :kind"
        " AND created_pos < :before AND (author = :account OR premises_id IN"
        " (SELECT g.premises_id FROM premises_grants g WHERE g.log = :log"
        " AND g.account_id = :account AND g.is_live = 1"
        " UNION SELECT o.entity FROM entities o WHERE o.log = :log"
        " AND o.author = :account AND o.kind = 'premises'))"
        " AND (:effect = '' OR effect = :effect) AND (:place = '' OR place = :place)"
        " ORDER BY created_pos DESC LIMIT :limit",
        log=log,
        account=account_id.bytes,
        kind=wanted.kind,
        effect=wanted.effect or "",
        place=wanted.place or "",
        before=part.before,
        limit=part.limit,
    )


async def _list_in_places(
    tx: Transaction, log: str, scope: Scope, wanted: Wanted, part: Slice
) -> list[Row]:
    places = scope.places if wanted.place is None else (wanted.place,)
    if wanted.place is None and scope.everything:
        places = ()
    elif not scope.everything:
        places = tuple(place for place in places if place in scope.places)
        if not places:
            return []
    if len(places) == 1:
        return await _list_in_place(tx, log, places[0], wanted, part)
    return await _list_in_many(tx, log, places, wanted, part)


async def _list_in_place(
    tx: Transaction, log: str, place: str, wanted: Wanted, part: Slice
) -> list[Row]:
    if wanted.effect is None:
        return await tx.all(
            "SELECT entity FROM entities WHERE log = :log AND place = :place AND kind = :kind"
            " AND created_pos < :before ORDER BY created_pos DESC LIMIT :limit",
            log=log, place=place, kind=wanted.kind, before=part.before, limit=part.limit,
        )  # fmt: skip
    return await tx.all(
        "SELECT entity FROM entities WHERE log = :log AND place = :place AND effect = :effect"
        " AND kind || '' = :kind AND created_pos < :before"
        " ORDER BY created_pos DESC LIMIT :limit",
        log=log,
        place=place,
        effect=wanted.effect,
        kind=wanted.kind,
        before=part.before,
        limit=part.limit,
    )


async def _list_in_many(
    tx: Transaction, log: str, places: tuple[str, ...], wanted: Wanted, part: Slice
) -> list[Row]:
    """Walk the whole log's list; no places means all of them."""
    if wanted.effect is None:
        return await tx.all(
            "SELECT entity FROM entities WHERE log = :log AND kind = :kind"
            " AND created_pos < :before AND (:everything = 1 OR place || '' IN (:places))"
            " ORDER BY created_pos DESC LIMIT :limit",
            log=log,
            kind=wanted.kind,
            everything=int(not places),
            places=places or ("",),
            before=part.before,
            limit=part.limit,
        )
    return await tx.all(
        "SELECT entity FROM entities WHERE log = :log AND effect = :effect"
        " AND kind || '' = :kind AND created_pos < :before"
        " AND (:everything = 1 OR place || '' IN (:places))"
        " ORDER BY created_pos DESC LIMIT :limit",
        log=log,
        effect=wanted.effect,
        kind=wanted.kind,
        everything=int(not places),
        places=places or ("",),
        before=part.before,
        limit=part.limit,
    )


async def is_held(tx: Transaction, log: str, account_id: UUID, premises_id: UUID) -> bool:
    """Say whether an account made these premises or was granted them."""
    row = await tx.one(
        "SELECT 1 FROM entities WHERE log = :log AND entity = :premises AND author = :account"
        " UNION ALL SELECT 1 FROM premises_grants WHERE log = :log AND premises_id = :premises"
        " AND account_id = :account AND is_live = 1",
        log=log,
        premises=premises_id.bytes,
        account=account_id.bytes,
    )
    return row is not None
