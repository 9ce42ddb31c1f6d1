"""The SQL of declarations."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from api.declarations.records import DeclarationRow, Standing


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


async def list_standings(tx: Transaction, log: str, order_id: UUID) -> list[Standing]:
    """Return every premises of a verified owner or program under an order, oldest first.

    Premises and declarations that were withdrawn do not count.
    """
    rows = await tx.all(
        "SELECT p.entity, p.place, p.received_ms, e.received_ms, d.count FROM entities p"
        " JOIN accounts a ON a.log = p.log AND a.account_id = p.author AND a.state = 'active'"
        " LEFT JOIN (SELECT l.premises_id, MAX(l.pos) AS pos FROM declarations l"
        " JOIN entities m ON m.log = l.log AND m.entity = l.declaration_id"
        " WHERE l.log = :log AND l.order_id = :order AND m.effect <> 'withdrawn'"
        " GROUP BY l.premises_id) latest ON latest.premises_id = p.entity"
        " LEFT JOIN declarations d ON d.log = p.log AND d.premises_id = p.entity"
        " AND d.order_id = :order AND d.pos = latest.pos"
        " LEFT JOIN entities e ON e.log = d.log AND e.entity = d.declaration_id"
        " WHERE p.log = :log AND p.kind = 'premises' AND p.effect <> 'withdrawn'"
        " ORDER BY p.created_pos",
        log=log,
        order=order_id.bytes,
    )
    return [
        Standing(
            premises_id=UUID(bytes=premises_id),
            place=place,
            known_ms=known_ms,
            declared_ms=declared_ms,
            count=count,
        )
        for premises_id, place, known_ms, declared_ms, count in rows
    ]
