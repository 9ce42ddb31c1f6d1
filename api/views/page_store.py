"""The SQL of lists: which entities of a kind a reader's scope holds, newest first.

What a reader sees is merged from streams that one index each gives in the order of the answer: a
place, a building. Asked for at once, SQLite would sort or walk through the whole log.
`|| ''` keeps its planner from an index that would.
"""

from collections.abc import Iterable
from uuid import UUID

from api.database.engine import Row, Transaction, Value
from api.ledger.records import Scope
from api.views.records import Slice, Wanted


async def list_ids(
    tx: Transaction, log: str, scope: Scope, wanted: Wanted, part: Slice
) -> list[UUID]:
    """Return the ids of a part of a list."""
    if wanted.premises_id is not None:
        rows = await _list_at_premises(tx, log, [wanted.premises_id.bytes], wanted, part)
    elif scope.account_id is not None:
        held = await _list_held(tx, log, scope)
        rows = await _list_at_premises(tx, log, held, wanted, part)
    else:
        rows = await _list_in_scope(tx, log, scope, wanted, part)
    return newest(rows, part.limit)


def newest(rows: Iterable[Row], limit: int) -> list[UUID]:
    """Merge rows of position and id, each id once, the latest position first."""
    merged = sorted(set(rows), reverse=True)[:limit]
    return [UUID(bytes=entity) for _, entity in merged]


async def _list_held(tx: Transaction, log: str, scope: Scope) -> list[bytes]:
    """Return the premises that an account made or was granted."""
    rows = await tx.all(
        "SELECT entity FROM entities WHERE log = :log AND author = :account AND kind = 'premises'"
        " UNION SELECT premises_id FROM premises_grants WHERE log = :log"
        " AND account_id = :account AND is_live = 1"
        " AND (expires_ms IS NULL OR expires_ms > :now)",
        log=log,
        account=scope.account_id.bytes if scope.account_id else b"",
        now=scope.now_ms,
    )
    return [row[0] for row in rows]


async def _list_at_premises(
    tx: Transaction, log: str, premises: Iterable[bytes], wanted: Wanted, part: Slice
) -> list[Row]:
    bound = _bound(log, wanted, part)
    return await tx.all_each(
        "SELECT created_pos, entity FROM entities WHERE log = :log AND premises_id = :premises"
        " AND kind = :kind AND created_pos < :before"
        " AND (:effect = '' OR effect || '' = :effect) AND (:place = '' OR place || '' = :place)"
        " ORDER BY created_pos DESC LIMIT :limit",
        [{**bound, "premises": premises_id} for premises_id in premises],
    )


async def _list_in_scope(
    tx: Transaction, log: str, scope: Scope, wanted: Wanted, part: Slice
) -> list[Row]:
    places = scope.places
    if wanted.place is not None:
        is_inside = scope.everything or wanted.place in scope.places
        places = (wanted.place,) if is_inside else ()
    elif scope.everything and wanted.effect is None:
        return await _list_anywhere(tx, log, wanted, part)
    bound = _bound(log, wanted, part)
    in_places = [{**bound, "in_place": place} for place in places]
    if wanted.effect is None:
        return await _list_in_places(tx, in_places)
    return await _list_with_effect(tx, in_places)


async def _list_anywhere(tx: Transaction, log: str, wanted: Wanted, part: Slice) -> list[Row]:
    return await tx.all(
        "SELECT created_pos, entity FROM entities WHERE log = :log AND kind = :kind"
        " AND created_pos < :before ORDER BY created_pos DESC LIMIT :limit",
        **_bound(log, wanted, part),
    )


async def _list_in_places(tx: Transaction, places: list[dict[str, Value]]) -> list[Row]:
    return await tx.all_each(
        "SELECT created_pos, entity FROM entities WHERE log = :log AND place = :in_place"
        " AND kind = :kind AND created_pos < :before ORDER BY created_pos DESC LIMIT :limit",
        places,
    )


async def _list_with_effect(tx: Transaction, places: list[dict[str, Value]]) -> list[Row]:
    return await tx.all_each(
        "SELECT created_pos, entity FROM entities WHERE log = :log AND place = :in_place"
        " AND effect = :effect AND kind = :kind AND created_pos < :before"
        " ORDER BY created_pos DESC LIMIT :limit",
        places,
    )


def _bound(log: str, wanted: Wanted, part: Slice) -> dict[str, Value]:
    return {
        "log": log,
        "kind": wanted.kind,
        "effect": wanted.effect or "",
        "place": wanted.place or "",
        "before": part.before,
        "limit": part.limit,
    }


async def is_held(tx: Transaction, log: str, scope: Scope, premises_id: UUID) -> bool:
    """Say whether the scope's account made these premises or was granted them."""
    row = await tx.one(
        "SELECT 1 FROM entities WHERE log = :log AND entity = :premises AND author = :account"
        " UNION ALL SELECT 1 FROM premises_grants WHERE log = :log AND premises_id = :premises"
        " AND account_id = :account AND is_live = 1"
        " AND (expires_ms IS NULL OR expires_ms > :now)",
        log=log,
        premises=premises_id.bytes,
        account=scope.account_id.bytes if scope.account_id else b"",
        now=scope.now_ms,
    )
    return row is not None
