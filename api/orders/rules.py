"""When an order is complete, and whether it still collects: pure."""

from collections.abc import Mapping

from api.facts.dates import is_full_date
from api.orders.records import Order
from sync.instants import read_instant
from sync.messages import FieldError


def check(order: Order, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the errors of days and instants that are not of the calendar."""
    del disclosed
    errors: list[FieldError] = []
    for name, day in (("issued_on", order.issued_on), ("ends_on", order.ends_on)):
        if day != "open" and not is_full_date(day):
            errors.append(FieldError(f"/body/{name}", "field.date"))
    if order.deadline_at is not None:
        try:
            read_instant(order.deadline_at)
        except ValueError:
            errors.append(FieldError("/body/deadline_at", "field.date"))
    return tuple(errors)


def collects(order: Order, today: str) -> bool:
    """Say whether an order still asks for declarations on a day of Cambodia (`2022-09-24`)."""
    return order.issued_on <= today and (order.ends_on == "open" or today <= order.ends_on)
