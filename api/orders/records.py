"""What the province ordered."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from api.ledger.values import Code, Day, ShortText

_Instant = Annotated[str, Meta(min_length=24, max_length=24)]
_Days = Annotated[int, Meta(ge=1, le=36_500)]


class OrderText(Struct, frozen=True):
    """A text of the order in the three languages of the province."""

    km: Annotated[str, Meta(min_length=1, max_length=1_000)]
    en: Annotated[str, Meta(min_length=1, max_length=1_000)]
    zh: Annotated[str, Meta(min_length=1, max_length=1_000)]


class Order(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A duty to report, with its deadline as an instant; an order that ended collects nothing."""

    title: OrderText
    legal_basis: OrderText
    issued_on: Day
    deadline_at: _Instant | None = None
    places: Annotated[tuple[ShortText, ...], Meta(min_length=1, max_length=100)]
    reporting_window_hours: Annotated[int, Meta(ge=1, le=8_760)] = 24
    pledge_text_id: Code | None = None
    reattest_every_days: _Days | None = None
    retention_days: _Days = 365
    ends_on: Annotated[str, Meta(min_length=4, max_length=10)] = "open"


class KnownOrder(Struct, frozen=True):
    """An order under the id by which declarations and pledges name it."""

    id: UUID
    order: Order


class OrderView(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An order as anybody may read it."""

    id: UUID
    title: OrderText
    legal_basis: OrderText
    issued_on: str
    deadline_at: str | None = None
    places: tuple[str, ...]
    reporting_window_hours: int
    pledge_text_id: str | None = None
    reattest_every_days: int | None = None
    retention_days: int
    ends_on: str
    is_open: bool
