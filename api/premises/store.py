"""The SQL of the list of premises."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from api.ledger.records import Scope
from api.premises.records import PremisesRow


async def save(tx: Transaction, rows: Sequence[PremisesRow]) -> None:
    """Write rows as they fold now."""
    await tx.run_many(
        "INSERT INTO premises (log, premises_id, place, kind, search)"
        " VALUES (:log, :premises_id, :place, :kind, :search)"
        " ON CONFLICT (log, premises_id) DO UPDATE SET place = excluded.place,"
        " kind = excluded.kind, search = excluded.search",
        [{**msgspec.structs.asdict(row), "premises_id": row.premises_id.bytes} for row in rows],
    )


async def find_named(tx: Transaction, log: str, scope: Scope, text: str, limit: int) -> list[UUID]:
    """Return premises in a scope of places with this text in a name; `text` is comparable."""
    rows = await tx.all(
        "SELECT premises_id FROM premises WHERE log = :log"
        " AND search LIKE '%' || :text || '%' ESCAPE '!'"
        " AND (:everywhere = 1 OR place IN (:places))"
        " ORDER BY LENGTH(search), premises_id LIMIT :limit",
        log=log,
        text=text.replace("!", "!!").replace("%", "!%").replace("_", "!_"),
        everywhere=int(scope.everything),
        places=scope.places or ("",),
        limit=limit,
    )
    return [UUID(bytes=row[0]) for row in rows]
