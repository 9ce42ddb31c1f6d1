"""The SQL of the list of premises."""

from collections.abc import Sequence

import msgspec

from api.database.engine import Transaction
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
