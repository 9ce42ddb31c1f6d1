"""The SQL of declarations."""

from collections.abc import Sequence

import msgspec

from api.database.engine import Transaction
from api.declarations.records import DeclarationRow


async def save(tx: Transaction, rows: Sequence[DeclarationRow]) -> None:
    """Write declarations as they fold now."""
    await tx.run_many(
        "INSERT INTO declarations (log, declaration_id, premises_id, order_id, place, as_of,"
        " count, pos) VALUES (:log, :declaration_id, :premises_id, :order_id, :place, :as_of,"
        " :count, :pos)"
        " ON CONFLICT (log, declaration_id) DO UPDATE SET as_of = excluded.as_of,"
        " count = excluded.count, place = excluded.place",
        [
            {
                **msgspec.structs.asdict(row),
                "declaration_id": row.declaration_id.bytes,
                "premises_id": row.premises_id.bytes,
                "order_id": row.order_id.bytes,
            }
            for row in rows
        ],
    )
