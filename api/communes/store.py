"""The SQL of a commune's inbox."""

from uuid import UUID

from api.database.engine import Transaction
from api.views.records import Slice


async def list_waiting(tx: Transaction, log: str, place: str, part: Slice) -> list[UUID]:
    """Return what waits for a verdict, oldest first; only kinds that are reviewed ever do."""
    rows = await tx.all(
        "SELECT entity FROM entities WHERE log = :log AND place = :place AND effect = 'pending'"
        " AND created_pos > :after ORDER BY created_pos LIMIT :limit",
        log=log,
        place=place,
        after=part.pos or 0,
        limit=part.limit,
    )
    return [UUID(bytes=row[0]) for row in rows]
