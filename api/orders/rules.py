"""When an order is complete, and whether it still collects: pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final

import msgspec

from api.facts.dates import is_full_date
from api.facts.deadlines import end_of_day, local_day, reporting_due_at
from api.orders.records import KnownOrder, Order, OrderView
from sync.instants import read_instant, write_instant
from sync.messages import FieldError

_HOUR_MS: Final = 3_600_000
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def check(order: Order, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the errors of days and instants: not of the calendar, or an end before the order."""
    del disclosed
    errors: list[FieldError] = []
    for name, day in (("issued_on", order.issued_on), ("ends_on", order.ends_on)):
        if day != "open" and not is_full_date(day):
            errors.append(FieldError(f"/body/{name}", "field.date"))
    if not errors and order.ends_on != "open" and order.ends_on < order.issued_on:
        errors.append(FieldError("/body/ends_on", "field.value"))
    if order.deadline_at is not None and not _is_instant(order.deadline_at):
        errors.append(FieldError("/body/deadline_at", "field.date"))
    return tuple(errors)


def _is_instant(text: str) -> bool:
    """Say whether an instant is one, and of a year in which days can still be added to it."""
    try:
        read_instant(text)
    except ValueError:
        return False
    return is_full_date(text.partition("T")[0])


def collects(order: Order, today: str) -> bool:
    """Say whether an order still asks for declarations on a day of Cambodia (`2022-09-24`)."""
    return order.issued_on <= today and (order.ends_on == "open" or today <= order.ends_on)


def day_of(instant_ms: int) -> str:
    """Return the day in Cambodia (`2022-09-24`) of milliseconds since 1970 UTC."""
    return _day_of_hour(instant_ms // _HOUR_MS)


@lru_cache(maxsize=1_024)
def _day_of_hour(hour: int) -> str:
    """Return the day of a whole hour since 1970; days of Cambodia begin with one."""
    return local_day(datetime.fromtimestamp(hour * _HOUR_MS / 1000, UTC)).isoformat()


def find_covering(orders: Iterable[KnownOrder], ancestry: Sequence[str]) -> list[KnownOrder]:
    """Return the orders for a place; `ancestry` is the place and everything above it."""
    return [known for known in orders if not set(ancestry).isdisjoint(known.order.places)]


def declared_until(order: Order) -> str | None:
    """Return the instant after which a declaration is late: the deadline, else the order's end.

    It is stored all the same: nothing is refused for being late.
    """
    if order.deadline_at is not None or not is_full_date(order.ends_on):
        return order.deadline_at
    return write_instant(round(end_of_day(date.fromisoformat(order.ends_on)).timestamp() * 1000))


def due_at(orders: Iterable[KnownOrder], arrived_on: str, received_on: str) -> str | None:
    """Return until when a stay was to be reported, or None when no order says it.

    `orders` are those of its place. Of several the latest counts, in the owner's favour; an order
    that ended before the arrival or came after the report asks for nothing.
    """
    if not is_full_date(arrived_on):
        return None
    instants = [
        _due(known.order, arrived_on)
        for known in orders
        if known.order.issued_on <= received_on
        and (known.order.ends_on == "open" or arrived_on <= known.order.ends_on)
    ]
    return max(instants, default=None)


def describe(known: KnownOrder, today: str) -> OrderView:
    """Return an order as anybody may read it on a day of Cambodia."""
    return OrderView(
        **msgspec.structs.asdict(known.order), id=known.id, is_open=collects(known.order, today)
    )


def _due(order: Order, arrived_on: str) -> str:
    """Whoever was there before the order counts as arrived when it was issued."""
    since = max(arrived_on, order.issued_on)
    return _due_since(since, order.deadline_at, order.reporting_window_hours)


@lru_cache(maxsize=4_096)
def _due_since(since: str, deadline_at: str | None, window_hours: int) -> str:
    deadline = datetime.fromisoformat(deadline_at) if deadline_at else _NEVER
    due = reporting_due_at(date.fromisoformat(since), deadline, window_hours)
    return write_instant(round(due.timestamp() * 1000))
