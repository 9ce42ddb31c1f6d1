"""The SQL of the work list: what waits in a scope of places, in its sections.

A correction that answers a verdict is "corrected"; the rest is "fresh", or "unverified" while
nobody has verified its author.
"""

from uuid import UUID

from api.database.engine import Transaction
from api.ledger.reading_store import Scope
from api.views.records import Slice


async def count_waiting(tx: Transaction, log: str, scope: Scope) -> dict[str, tuple[int, int]]:
    """Return, by section, how much waits and when the oldest was received, in milliseconds."""
    rows = await tx.all(
        "SELECT CASE WHEN e.effect = 'conflict' THEN 'conflict'"
        " WHEN e.revision <> e.entity AND EXISTS (SELECT 1 FROM entries r WHERE r.log = e.log"
        " AND r.entity = e.entity AND r.kind = 'review') THEN 'corrected'"
        " WHEN a.state = 'unverified' THEN 'unverified' ELSE 'fresh' END AS section,"
        " COUNT(*), MIN(e.received_ms) FROM entities e"
        " JOIN accounts a ON a.log = e.log AND a.account_id = e.author"
        " WHERE e.log = :log AND e.effect IN ('pending', 'conflict')"
        " AND (:everywhere = 1 OR e.place IN (:places)) GROUP BY section",
        log=log,
        everywhere=int(scope.everything),
        places=scope.places or ("",),
    )
    return {section: (count, oldest_ms) for section, count, oldest_ms in rows}


async def list_waiting(
    tx: Transaction, log: str, scope: Scope, section: str, part: Slice
) -> list[UUID]:
    """Return what waits in a section, oldest first."""
    rows = await tx.all(
        "SELECT e.entity FROM entities e"
        " JOIN accounts a ON a.log = e.log AND a.account_id = e.author"
        " WHERE e.log = :log AND e.effect = :effect AND e.created_pos > :after"
        " AND (:everywhere = 1 OR e.place IN (:places))"
        " AND (e.effect = 'conflict' OR CASE"
        " WHEN e.revision <> e.entity AND EXISTS (SELECT 1 FROM entries r WHERE r.log = e.log"
        " AND r.entity = e.entity AND r.kind = 'review') THEN 'corrected'"
        " WHEN a.state = 'unverified' THEN 'unverified' ELSE 'fresh' END = :section)"
        " ORDER BY e.created_pos LIMIT :limit",
        log=log,
        effect="conflict" if section == "conflict" else "pending",
        section=section,
        after=part.pos or 0,
        everywhere=int(scope.everything),
        places=scope.places or ("",),
        limit=part.limit,
    )
    return [UUID(bytes=row[0]) for row in rows]
