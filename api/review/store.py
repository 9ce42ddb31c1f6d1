"""The SQL of the work list: what waits in a scope of places, in its sections.

While nobody has verified its author an entry is "unverified", corrected or not. Of the others a
correction that answers a verdict is "corrected", the rest is "fresh". Each place and kind is read
from its own index, oldest first, and merged; what waits elsewhere is never looked at.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from api.database.engine import Row, Transaction, Value
from api.review.records import REVIEWED, Section
from api.views.records import Slice

_FIRST: Final = Slice(None, 1)


class Waiting(Struct, frozen=True):
    """How much waits in a section, and when the oldest was received, in milliseconds."""

    count: int
    oldest_ms: int


async def count_waiting(tx: Transaction, log: str, places: Sequence[str]) -> dict[Section, Waiting]:
    """Return what waits in each section that is not empty."""
    pending, unverified = await _count_pending(tx, log, places)
    corrected = await _count_corrected(tx, log, places)
    counts: dict[Section, int] = {
        "corrected": corrected,
        "conflict": await _count_conflicts(tx, log, places),
        "unverified": unverified,
        "fresh": pending - unverified - corrected,
    }
    waiting: dict[Section, Waiting] = {}
    for section, count in counts.items():
        if count:
            oldest = await list_waiting(tx, log, places, section, _FIRST)
            waiting[section] = Waiting(count, await _read_received(tx, log, oldest))
    return waiting


async def _count_pending(tx: Transaction, log: str, places: Sequence[str]) -> tuple[int, int]:
    """Return how much is pending, and how much of it by authors whom nobody verified."""
    rows = await tx.all_each(
        "SELECT COUNT(*), COALESCE(SUM(CASE WHEN author IN (SELECT a.account_id FROM accounts a"
        " WHERE a.log = :log AND a.state = 'unverified') THEN 1 ELSE 0 END), 0) FROM entities"
        " WHERE log = :log AND place = :place AND effect = 'pending'",
        _in_places(log, places),
    )
    return sum(row[0] for row in rows), sum(row[1] for row in rows)


async def _count_corrected(tx: Transaction, log: str, places: Sequence[str]) -> int:
    """Return how many corrections of verified authors answer a verdict."""
    rows = await tx.all_each(
        "SELECT COUNT(*) FROM entities e"
        " JOIN accounts a ON a.log = e.log AND a.account_id = e.author"
        " WHERE e.log = :log AND e.place = :place AND e.effect = 'pending'"
        " AND a.state <> 'unverified'"
        " AND e.revision <> e.entity AND EXISTS (SELECT 1 FROM entries r WHERE r.log = e.log"
        " AND r.entity = e.entity AND r.kind = 'review')",
        _in_places(log, places),
    )
    return sum(row[0] for row in rows)


async def _count_conflicts(tx: Transaction, log: str, places: Sequence[str]) -> int:
    rows = await tx.all_each(
        "SELECT COUNT(*) FROM entities WHERE log = :log AND place = :place AND effect = 'conflict'",
        _in_places(log, places),
    )
    return sum(row[0] for row in rows)


async def _read_received(tx: Transaction, log: str, ids: Sequence[UUID]) -> int:
    """Return when the first of these was received; the log's order is that of its instants."""
    row = await tx.one(
        "SELECT received_ms FROM entities WHERE log = :log AND entity = :entity",
        log=log,
        entity=ids[0].bytes,
    )
    return 0 if row is None else row[0]


async def list_waiting(
    tx: Transaction, log: str, places: Sequence[str], section: Section, part: Slice
) -> list[UUID]:
    """Return what waits in a section, oldest first."""
    bound: dict[str, Value] = {"after": part.pos or 0, "limit": part.limit}
    if section == "corrected":
        rows = await _list_corrected(tx, [{**bound, **one} for one in _in_places(log, places)])
    elif section == "conflict":
        rows = await list_with_effect(tx, log, places, "conflict", part)
    else:
        state = "unverified" if section == "unverified" else "active"
        streams = [{**bound, **one, "state": state} for one in _in_kinds(log, places)]
        rows = await _list_by_state(tx, streams)
    return oldest(rows, part.limit)


def oldest(rows: Sequence[Row], limit: int) -> list[UUID]:
    """Merge rows of position and id, the earliest position first."""
    return [UUID(bytes=entity) for _, entity in sorted(rows)[:limit]]


async def list_with_effect(
    tx: Transaction, log: str, places: Sequence[str], effect: str, part: Slice
) -> list[Row]:
    """Return position and id of the first of each place and kind with an effect."""
    bound: dict[str, Value] = {"effect": effect, "after": part.pos or 0, "limit": part.limit}
    return await tx.all_each(
        "SELECT created_pos, entity FROM entities WHERE log = :log AND place = :place"
        " AND effect = :effect AND kind = :kind AND created_pos > :after"
        " ORDER BY created_pos LIMIT :limit",
        [{**bound, **one} for one in _in_kinds(log, places)],
    )


async def _list_corrected(tx: Transaction, places: Sequence[dict[str, Value]]) -> list[Row]:
    return await tx.all_each(
        "SELECT e.created_pos, e.entity FROM entities e WHERE e.log = :log AND e.place = :place"
        " AND e.effect = 'pending' AND e.revision <> e.entity AND e.created_pos > :after"
        " AND EXISTS (SELECT 1 FROM accounts a WHERE a.log = e.log"
        " AND a.account_id = e.author AND a.state <> 'unverified')"
        " AND EXISTS (SELECT 1 FROM entries r WHERE r.log = e.log"
        " AND r.entity = e.entity AND r.kind = 'review')"
        " ORDER BY e.created_pos LIMIT :limit",
        places,
    )


async def _list_by_state(tx: Transaction, streams: Sequence[dict[str, Value]]) -> list[Row]:
    return await tx.all_each(
        "SELECT e.created_pos, e.entity FROM entities e WHERE e.log = :log AND e.place = :place"
        " AND e.effect = 'pending' AND e.kind = :kind AND e.created_pos > :after"
        " AND EXISTS (SELECT 1 FROM accounts a WHERE a.log = e.log"
        " AND a.account_id = e.author AND a.state = :state)"
        " AND (:state = 'unverified' OR e.revision = e.entity"
        " OR NOT EXISTS (SELECT 1 FROM entries r"
        " WHERE r.log = e.log AND r.entity = e.entity AND r.kind = 'review'))"
        " ORDER BY e.created_pos LIMIT :limit",
        streams,
    )


def _in_places(log: str, places: Sequence[str]) -> list[dict[str, Value]]:
    return [{"log": log, "place": place} for place in places]


def _in_kinds(log: str, places: Sequence[str]) -> list[dict[str, Value]]:
    return [{**one, "kind": kind} for one in _in_places(log, places) for kind in REVIEWED]
