"""The SQL of the list of premises."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from api.ledger.records import Scope
from api.premises.records import Asked, PremisesRow


async def save(tx: Transaction, rows: Sequence[PremisesRow]) -> None:
    """Write rows as they fold now."""
    await tx.run_many(
        "INSERT INTO premises (log, premises_id, place, kind, search, photo)"
        " VALUES (:log, :premises_id, :place, :kind, :search, :photo)"
        " ON CONFLICT (log, premises_id) DO UPDATE SET place = excluded.place,"
        " kind = excluded.kind, search = excluded.search, photo = excluded.photo",
        [{**msgspec.structs.asdict(row), "premises_id": row.premises_id.bytes} for row in rows],
    )


async def find_named(
    tx: Transaction, log: str, scope: Scope, asked: Asked, limit: int
) -> list[UUID]:
    """Return premises in a scope of places whose names hold the text, or its first three words."""
    words = [word for word in asked.words if word] or [""]
    first, second, third = (*words, *[words[0]] * 2)[:3]
    rows = await tx.all(
        "SELECT premises_id FROM premises WHERE log = :log"
        " AND (search LIKE '%' || :text || '%' ESCAPE '!' OR :first <> ''"
        " AND search LIKE '%' || :first || '%' AND search LIKE '%' || :second || '%'"
        " AND search LIKE '%' || :third || '%')"
        " AND (:everywhere = 1 OR place IN (:places))"
        " ORDER BY LENGTH(search), premises_id LIMIT :limit",
        log=log,
        text=asked.text.replace("!", "!!").replace("%", "!%").replace("_", "!_"),
        first=first,
        second=second,
        third=third,
        everywhere=int(scope.everything),
        places=scope.places or ("",),
        limit=limit,
    )
    return [UUID(bytes=row[0]) for row in rows]
