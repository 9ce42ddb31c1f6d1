"""The SQL of declarations."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from api.database.engine import Row, Transaction
from api.declarations.records import DeclarationRow, Standing
from api.declarations.rules import counted_until
from api.orders.records import KnownOrder


async def save(tx: Transaction, rows: Sequence[DeclarationRow]) -> None:
    """Write declarations as they fold now."""
    await tx.run_many(
        "INSERT INTO declarations (log, declaration_id, premises_id, order_id, place, as_of,"
        " count, pos, grade) VALUES (:log, :declaration_id, :premises_id, :order_id, :place,"
        " :as_of, :count, :pos, :grade)"
        " ON CONFLICT (log, declaration_id) DO UPDATE SET as_of = excluded.as_of,"
        " count = excluded.count, place = excluded.place, grade = excluded.grade",
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


async def list_standings(
    tx: Transaction, log: str, known: KnownOrder, places: Sequence[str]
) -> list[Standing]:
    """Return the premises of verified owners or programs in these places under an order.

    Oldest first. Premises and declarations that were withdrawn do not count, nor a declaration
    that came after the order had ended.
    """
    if not places:
        return []
    rows = await tx.all(
        "SELECT p.entity, p.place, p.received_ms, e.received_ms, d.count, s.received_ms, o.count"
        " FROM entities p"
        " JOIN accounts a ON a.log = p.log AND a.account_id = p.author AND a.state = 'active'"
        " LEFT JOIN declarations d ON d.log = p.log AND d.declaration_id ="
        " (SELECT l.declaration_id FROM declarations l"
        " JOIN entities m ON m.log = l.log AND m.entity = l.declaration_id"
        " WHERE l.log = p.log AND l.premises_id = p.entity AND l.order_id = :order"
        " AND m.received_ms <= :until"
        " AND m.effect || '' <> 'withdrawn' ORDER BY l.pos DESC LIMIT 1)"
        " LEFT JOIN entities e ON e.log = d.log AND e.entity = d.declaration_id"
        " LEFT JOIN declarations o ON o.log = p.log AND o.declaration_id ="
        " (SELECT l.declaration_id FROM declarations l"
        " JOIN entities m ON m.log = l.log AND m.entity = l.declaration_id"
        " JOIN accounts w ON w.log = m.log AND w.account_id = m.author"
        " WHERE l.log = p.log AND l.premises_id = p.entity AND l.order_id = :order"
        " AND l.grade = 'author' AND w.role = 'owner' AND m.received_ms <= :until"
        " AND m.effect || '' <> 'withdrawn' ORDER BY l.pos DESC LIMIT 1)"
        " LEFT JOIN entities s ON s.log = o.log AND s.entity = o.declaration_id"
        " WHERE p.log = :log AND p.place IN (:places) AND p.kind = 'premises'"
        " AND p.effect || '' <> 'withdrawn' ORDER BY p.created_pos",
        log=log,
        order=known.id.bytes,
        places=places,
        until=counted_until(known.order),
    )
    return [_read_standing(row) for row in rows]


def _read_standing(row: Row) -> Standing:
    premises_id, place, known_ms, declared_ms, count, own_declared_ms, own_count = row
    return Standing(
        premises_id=UUID(bytes=premises_id),
        place=place,
        known_ms=known_ms,
        declared_ms=declared_ms,
        count=count,
        own_declared_ms=own_declared_ms,
        own_count=own_count,
    )
