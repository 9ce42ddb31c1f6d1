"""What makes a pledge complete, how it folds, and which earlier one it supersedes: pure."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from api.ledger.records import Entity
from api.pledges.records import Pledge, PledgeRow, Signer, Strokes
from sync.messages import FieldError

DISCLOSURES = {"identity": Signer, "signature": Strokes}


def check(pledge: Pledge, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the errors of clauses or exceptions named twice."""
    del disclosed
    lists = {"/body/clauses": pledge.clauses, "/body/exceptions": pledge.exceptions}
    return tuple(
        FieldError(at, "field.value")
        for at, values in lists.items()
        if len(set(values)) != len(values)
    )


def fold(entity: Entity, pledge: Pledge) -> PledgeRow:
    """Return the row of a pledge."""
    return PledgeRow(
        log=entity.log,
        pledge_id=entity.entity,
        premises_id=pledge.premises_id,
        order_id=pledge.order_id,
        author=entity.author,
        place=entity.place,
        pos=entity.created_pos,
    )


def list_superseded(row: PledgeRow, others: Iterable[PledgeRow]) -> list[UUID]:
    """Return the earlier pledges of the same signer, premises and order."""
    return [
        other.pledge_id
        for other in others
        if other.pos < row.pos
        and (other.premises_id, other.order_id, other.author)
        == (row.premises_id, row.order_id, row.author)
    ]
