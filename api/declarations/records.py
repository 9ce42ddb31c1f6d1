"""What an owner declares about everyone at the premises."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from api.ledger.records import Grade
from api.ledger.values import Count


class Declaration(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """As of this instant these foreigners live or work here; zero is a nil declaration."""

    premises_id: UUID
    order_id: UUID
    as_of: Annotated[str, Meta(min_length=24, max_length=24)]
    count: Count
    stays: Annotated[tuple[UUID, ...], Meta(max_length=2_000)]
    unchanged_since: Annotated[str, Meta(min_length=10, max_length=36)] | None = None


class DeclarationRow(Struct, frozen=True, kw_only=True):
    """A declaration as coverage counts it."""

    log: str
    declaration_id: UUID
    premises_id: UUID
    order_id: UUID
    place: str
    as_of: str
    count: int
    pos: int
    grade: Grade


class Standing(Struct, frozen=True, kw_only=True):
    """Known premises under an order, with their latest declaration if there is one.

    `own`: the latest that an owner signed himself, which counts before what others put down.
    Instants in milliseconds since 1970 UTC.
    """

    premises_id: UUID
    place: str
    known_ms: int
    declared_ms: int | None = None
    count: int | None = None
    own_declared_ms: int | None = None
    own_count: int | None = None
