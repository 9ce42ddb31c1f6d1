"""Coverage as people read it."""

from uuid import UUID

from msgspec import Struct


class Tally(Struct, frozen=True):
    """Premises counted: known, declared, of these with nobody (nil), and overdue."""

    known: int = 0
    declared: int = 0
    nil: int = 0
    overdue: int = 0


class CoverageRow(Struct, frozen=True):
    """One commune, or all of them together; None is a number that is kept back."""

    known: int | None
    declared: int | None
    nil: int | None
    overdue: int | None
    place_id: str | None = None


class OrderCoverage(Struct, frozen=True, kw_only=True):
    """One order: its communes in the order of the gazetteer, and all of them together."""

    order_id: UUID
    deadline_at: str | None
    is_open: bool
    communes: list[CoverageRow]
    total: CoverageRow


class Coverage(Struct, frozen=True):
    """Coverage at an instant; `is_suppressed` when numbers under ten are kept back."""

    at: str
    is_suppressed: bool
    orders: list[OrderCoverage]
