"""What makes a declaration complete, and how it folds: pure."""

from collections.abc import Mapping

from api.declarations.records import Declaration, DeclarationRow
from api.ledger.records import Entity
from sync.instants import read_instant
from sync.messages import FieldError


def check(declaration: Declaration, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the errors of an instant that is none, and of ids named twice.

    The count may differ from the ids: it is compared on read, never a reason to refuse.
    """
    del disclosed
    errors: list[FieldError] = []
    try:
        read_instant(declaration.as_of)
    except ValueError:
        errors.append(FieldError("/body/as_of", "field.date"))
    if len(set(declaration.stays)) != len(declaration.stays):
        errors.append(FieldError("/body/stays", "field.value"))
    return tuple(errors)


def fold(entity: Entity, declaration: Declaration) -> DeclarationRow:
    """Return the row by which coverage is counted."""
    return DeclarationRow(
        log=entity.log,
        declaration_id=entity.entity,
        premises_id=declaration.premises_id,
        order_id=declaration.order_id,
        place=entity.place,
        as_of=declaration.as_of,
        count=declaration.count,
        pos=entity.created_pos,
    )
