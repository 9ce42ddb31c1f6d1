"""What makes a declaration complete, and how it folds: pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from api.declarations.records import Declaration, DeclarationRow, Standing
from api.facts.dates import is_full_date
from api.facts.deadlines import end_of_day
from api.ledger.records import Entity
from api.orders.records import Order
from api.orders.rules import day_of
from sync.instants import read_instant
from sync.messages import FieldError

_DAY_MS: Final = 86_400_000
_FOR_EVER: Final = 2**53


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
        grade=entity.detail.grade,
    )


def counted_until(order: Order) -> int:
    """Return the instant, in milliseconds, until which a declaration counts: the order's last day.

    What arrives later is kept and marked late, but an order that ended counts nothing any more.
    """
    if not is_full_date(order.ends_on):
        return _FOR_EVER
    return round(end_of_day(date.fromisoformat(order.ends_on)).timestamp() * 1000) + 999


def list_under(order: Order, standings: Iterable[Standing]) -> list[Standing]:
    """Return the premises that an order asked: known before it ended."""
    return [
        one for one in standings if order.ends_on == "open" or day_of(one.known_ms) <= order.ends_on
    ]


def count_declared(order: Order, standing: Standing, now_ms: int) -> int | None:
    """Return how many people premises declared; None when they did not, or have to renew it.

    What an owner signed himself counts before what others put down later, until it is renewed.
    """
    if _holds(order, standing.own_declared_ms, now_ms):
        return standing.own_count
    return standing.count if _holds(order, standing.declared_ms, now_ms) else None


def _holds(order: Order, declared_ms: int | None, now_ms: int) -> bool:
    """Say whether a declaration need not be renewed yet; a closed order is not renewed."""
    if declared_ms is None:
        return False
    days = order.reattest_every_days if order.ends_on == "open" else None
    return days is None or now_ms < declared_ms + days * _DAY_MS


def is_declared(order: Order, standing: Standing, now_ms: int) -> bool:
    """Say whether premises have declared and need not renew yet."""
    instants = (standing.own_declared_ms, standing.declared_ms)
    return any(_holds(order, declared_ms, now_ms) for declared_ms in instants)


def is_overdue(order: Order, standing: Standing, now_ms: int) -> bool:
    """Say whether premises should have declared by now.

    Due is the order's deadline; without one, so long after the premises became known as the order
    lets pass between two declarations. An order with neither is never overdue.
    """
    if is_declared(order, standing, now_ms):
        return False
    days = order.reattest_every_days
    if order.deadline_at is not None:
        return now_ms > read_instant(order.deadline_at)
    return days is not None and now_ms >= standing.known_ms + days * _DAY_MS
