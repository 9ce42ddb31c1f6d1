"""Loads, for a page of entities at once, what their marks rest on: orders, same documents, counts.

It reads the lists that stays and declarations fold to, by their indexes; nothing is kept for marks.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from api.database.engine import Row, Transaction
from api.ledger.records import Entity, Scope
from api.ledger.store import load_entities
from api.marks.records import Declared, LinkedStay, Move, Shared, Spread, Surroundings
from api.marks.rules import find_moves, list_homes, was_there
from api.orders.rules import day_of
from api.orders.store import list_orders
from sync.instants import read_instant

_IDS_A_QUERY: Final = 4_000
SHARED_MAX: Final = 100
_SHARED: Final = ("phone", "employer", "document_series")
_FIRST: Final = (
    "(SELECT o.premises_id FROM stays o WHERE o.log = :log AND o.VALUE = k.VALUE"
    " AND o.left_on IS NULL AND o.place IN (:places) AND EXISTS (SELECT 1 FROM entities e"
    " WHERE e.log = o.log AND e.entity = o.stay_id AND e.effect <> 'withdrawn'"
    " AND e.effect <> 'duplicate_of') LIMIT :limit) AS cut"
)
_COUNT: Final = (
    "SELECT k.VALUE, (SELECT COUNT(*) FROM FIRST), (SELECT COUNT(DISTINCT premises_id) FROM FIRST)"
    " FROM stays k WHERE k.log = :log AND k.stay_id IN (:ids)"
).replace("FROM FIRST", f"FROM {_FIRST}")
_ANYWHERE: Final = _COUNT.replace(" AND o.place IN (:places)", "")


async def load_surroundings(
    tx: Transaction, log: str, entities: Sequence[Entity], scope: Scope
) -> Surroundings:
    """Return what the marks of these entities need, for a reader of this scope."""
    stays = [entity.entity for entity in entities if entity.kind == "stay"]
    homes = [entity.entity for entity in entities if entity.kind == "premises"]
    latest = await _find_latest(tx, log, homes)
    shown = [entity for entity in entities if entity.kind == "declaration"]
    known = {entity.entity for entity in shown}
    more = await load_entities(tx, log, [one for one in latest.values() if one not in known])
    linked = await _list_linked(tx, log, stays, scope)
    return Surroundings(
        orders=tuple(await list_orders(tx, log)),
        linked=linked,
        moves=await _list_moves(tx, log, entities, linked, scope),
        declared=await _count(tx, log, [*shown, *more.values()]),
        latest=latest,
        ended=await _list_ended(tx, log, entities),
        shared=await _list_shared(tx, log, stays, scope),
    )


async def _list_ended(tx: Transaction, log: str, entities: Sequence[Entity]) -> dict[UUID, str]:
    """Return how the key of a current revision, or of a departure, had ended before it arrived.

    A key that was replaced or left is still taken for 30 days; what it signed before is as good as
    ever.
    """
    said = {entity.revision: entity.entity for entity in entities}
    said |= {one.detail.departure.id: one.entity for one in entities if one.detail.departure}
    rows = await tx.all(
        "SELECT e.id, d.revocation_reason FROM entries e"
        ' JOIN devices d ON d.log = e.log AND d.kid = e."by"'
        " WHERE e.log = :log AND e.id IN (:ids) AND d.revoked_ms <= e.received_ms"
        " AND d.revocation_reason IN ('replaced', 'left')",
        log=log,
        ids=[document_id.bytes for document_id in said] or [b""],
    )
    return {said[UUID(bytes=document_id)]: reason for document_id, reason in rows}


async def _list_linked(
    tx: Transaction, log: str, stay_ids: Sequence[UUID], scope: Scope
) -> dict[UUID, tuple[LinkedStay, ...]]:
    """Return, for each stay that counts, the others that count and show the same document.

    Only such as the reader may see: whoever enters a number as a bait would learn from a mark that
    the person is somewhere else.

    Not joined: joined with itself, the list of stays is read whole by SQLite's planner.
    """
    if not stay_ids:
        return {}
    rows = await tx.all(
        "SELECT s.document_key, s.stay_id, s.premises_id, s.arrived_on, s.left_on, s.place"
        " FROM stays s"
        " WHERE s.log = :log AND s.document_key IN (SELECT k.document_key FROM stays k"
        " WHERE k.log = :log AND k.stay_id IN (:ids)) AND EXISTS (SELECT 1 FROM entities e"
        " WHERE e.log = s.log AND e.entity = s.stay_id"
        " AND e.effect <> 'withdrawn' AND e.effect <> 'duplicate_of')",
        log=log,
        ids=[stay_id.bytes for stay_id in stay_ids],
    )
    by_document: dict[str, list[Row]] = {}
    for row in rows:
        if scope.everything or row[5] in scope.places:
            by_document.setdefault(row[0], []).append(row)
    return {
        UUID(bytes=row[1]): tuple(_read_linked(other) for other in shown if other is not row)
        for shown in by_document.values()
        if len(shown) > 1
        for row in shown
    }


async def _list_moves(
    tx: Transaction,
    log: str,
    entities: Sequence[Entity],
    linked: dict[UUID, tuple[LinkedStay, ...]],
    scope: Scope,
) -> dict[UUID, Move]:
    """Return who came with each of these stays from the same other premises."""
    shown = [_as_linked(one) for one in entities if one.entity in linked]
    homes = list_homes(shown, linked)
    if not homes:
        return {}
    rows = await tx.all(
        "SELECT s.document_key, s.stay_id, s.premises_id, s.arrived_on, s.left_on, s.place"
        " FROM stays s WHERE s.log = :log AND s.premises_id IN (:homes)"
        " AND EXISTS (SELECT 1 FROM entities e WHERE e.log = s.log AND e.entity = s.stay_id"
        " AND e.effect <> 'withdrawn' AND e.effect <> 'duplicate_of')",
        log=log,
        homes=[home.bytes for home in homes],
    )
    there = [_read_linked(row) for row in rows]
    around = await _list_linked(tx, log, [UUID(one.stay_id) for one in there], scope)
    return find_moves(there, around)


def _as_linked(stay: Entity) -> LinkedStay:
    return LinkedStay(
        stay_id=str(stay.entity),
        premises_id=str(stay.premises_id),
        by="document",
        arrived_on=stay.body["arrived_on"],
    )


def _read_linked(row: Row) -> LinkedStay:
    _, stay_id, premises_id, arrived_on, left_on, _ = row
    return LinkedStay(
        stay_id=str(UUID(bytes=stay_id)),
        premises_id=str(UUID(bytes=premises_id)),
        by="document",
        arrived_on=arrived_on,
        left_on=left_on,
    )


async def _list_shared(
    tx: Transaction, log: str, stay_ids: Sequence[UUID], scope: Scope
) -> dict[UUID, Shared]:
    """Return with how many each of these stays shares something, of what the reader may see.

    Nobody who left is asked for or counted, and of each value no more than the first hundred are.
    """
    if not stay_ids or not (scope.everything or scope.places):
        return {}
    rows = await tx.all(
        "SELECT stay_id, phone, employer, document_series FROM stays"
        " WHERE log = :log AND stay_id IN (:ids) AND left_on IS NULL",
        log=log,
        ids=[stay_id.bytes for stay_id in stay_ids],
    )
    counts = [
        await _count_shared(tx, log, name, {row[at]: row[0] for row in rows}, scope)
        for at, name in enumerate(_SHARED, 1)
    ]
    return {
        UUID(bytes=stay_id): Shared(
            *(counts[at].get(value, Spread()) for at, value in enumerate(values))
        )
        for stay_id, *values in rows
    }


async def _count_shared(
    tx: Transaction, log: str, name: str, holders: dict[Any, Any], scope: Scope
) -> dict[Any, Spread]:
    """Return how many stays have each of these values, and at how many premises."""
    ids = [stay_id for value, stay_id in holders.items() if value is not None]
    if not ids:
        return {}
    rows = await tx.all(
        (_ANYWHERE if scope.everything else _COUNT).replace("VALUE", name),
        log=log,
        ids=ids,
        places=scope.places,
        limit=SHARED_MAX,
    )
    return {value: Spread(count, homes) for value, count, homes in rows}


async def _find_latest(tx: Transaction, log: str, premises_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the declaration of each premises that counts: the latest that was not withdrawn.

    What an owner signed himself counts before what others put down.
    """
    if not premises_ids:
        return {}
    rows = await tx.all(
        "SELECT d.premises_id, d.declaration_id FROM declarations d"
        " JOIN entities e ON e.log = d.log AND e.entity = d.declaration_id"
        " JOIN accounts a ON a.log = e.log AND a.account_id = e.author"
        " WHERE d.log = :log AND d.premises_id IN (:ids) AND e.effect <> 'withdrawn'"
        " ORDER BY CASE WHEN d.grade = 'author' AND a.role = 'owner' THEN 1 ELSE 0 END, d.pos",
        log=log,
        ids=[premises_id.bytes for premises_id in premises_ids],
    )
    return {UUID(bytes=row[0]): UUID(bytes=row[1]) for row in rows}


async def _count(tx: Transaction, log: str, declarations: Sequence[Entity]) -> dict[UUID, Declared]:
    """Return how many stays the register holds there of each declaration.

    Those that it names, and whoever else was there on its day by what is registered: else nobody
    would notice the people whom a declaration leaves out.
    """
    named = sorted({stay for one in declarations for stay in _stays_of(one)})
    held = await _find_homes(tx, log, named)
    present = await _list_present(tx, log, declarations)
    return {
        one.entity: Declared(
            premises_id=UUID(one.body["premises_id"]),
            order_id=UUID(one.body["order_id"]),
            received_ms=one.received_ms,
            count=one.body["count"],
            found_count=len(
                {stay for stay in _stays_of(one) if held.get(stay) == one.premises_id}
                | present[one.entity]
            ),
        )
        for one in declarations
    }


def _stays_of(declaration: Entity) -> list[UUID]:
    return [UUID(stay) for stay in declaration.body["stays"]]


async def _list_present(
    tx: Transaction, log: str, declarations: Sequence[Entity]
) -> dict[UUID, set[UUID]]:
    """Return, for each declaration, the stays at its premises that count and cover its day."""
    homes = sorted({one.premises_id for one in declarations if one.premises_id is not None})
    if not homes:
        return {one.entity: set() for one in declarations}
    rows = await tx.all(
        "SELECT s.premises_id, s.stay_id, s.arrived_on, s.left_on FROM stays s"
        " WHERE s.log = :log AND s.premises_id IN (:homes) AND EXISTS (SELECT 1 FROM entities e"
        " WHERE e.log = s.log AND e.entity = s.stay_id"
        " AND e.effect <> 'withdrawn' AND e.effect <> 'duplicate_of')",
        log=log,
        homes=[home.bytes for home in homes],
    )
    by_home: dict[UUID, list[Row]] = {}
    for row in rows:
        by_home.setdefault(UUID(bytes=row[0]), []).append(row)
    return {
        one.entity: {
            UUID(bytes=stay_id)
            for _, stay_id, arrived_on, left_on in by_home.get(one.premises_id or one.entity, ())
            if was_there(arrived_on, left_on, day_of(read_instant(one.body["as_of"])))
        }
        for one in declarations
    }


async def _find_homes(tx: Transaction, log: str, stay_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the premises of the stays that exist among these, withdrawn ones left out.

    With `|| ''`, so that SQLite looks these up and does not walk through every stay.
    """
    homes: dict[UUID, UUID] = {}
    for start in range(0, len(stay_ids), _IDS_A_QUERY):
        part = stay_ids[start : start + _IDS_A_QUERY]
        rows = await tx.all(
            "SELECT entity, premises_id FROM entities WHERE log = :log AND entity IN (:ids)"
            " AND kind || '' = 'stay' AND effect <> 'withdrawn' AND effect <> 'duplicate_of'",
            log=log,
            ids=[stay_id.bytes for stay_id in part],
        )
        homes |= {UUID(bytes=row[0]): UUID(bytes=row[1]) for row in rows}
    return homes
