"""The SQL of pledges."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from api.pledges.records import PledgeRow


async def load_at(tx: Transaction, log: str, premises_ids: Sequence[UUID]) -> dict[UUID, PledgeRow]:
    """Return every pledge signed for these premises."""
    if not premises_ids:
        return {}
    rows = await tx.all(
        "SELECT log, pledge_id, premises_id, order_id, author, place, pos FROM pledges"
        " WHERE log = :log AND premises_id IN (:ids)",
        log=log,
        ids=[premises_id.bytes for premises_id in premises_ids],
    )
    pledges = [
        PledgeRow(
            log=row[0],
            pledge_id=UUID(bytes=row[1]),
            premises_id=UUID(bytes=row[2]),
            order_id=UUID(bytes=row[3]),
            author=UUID(bytes=row[4]),
            place=row[5],
            pos=row[6],
        )
        for row in rows
    ]
    return {pledge.pledge_id: pledge for pledge in pledges}


async def save(tx: Transaction, rows: Sequence[PledgeRow]) -> None:
    """Write pledges as they fold now."""
    await tx.run_many(
        "INSERT INTO pledges (log, pledge_id, premises_id, order_id, author, place, pos)"
        " VALUES (:log, :pledge_id, :premises_id, :order_id, :author, :place, :pos)"
        " ON CONFLICT (log, pledge_id) DO UPDATE SET place = excluded.place",
        [
            {
                **msgspec.structs.asdict(row),
                "pledge_id": row.pledge_id.bytes,
                "premises_id": row.premises_id.bytes,
                "order_id": row.order_id.bytes,
                "author": row.author.bytes,
            }
            for row in rows
        ],
    )
