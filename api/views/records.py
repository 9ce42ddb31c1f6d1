"""An entity as people and programs read it."""

from typing import Any
from uuid import UUID

from msgspec import Struct


class ReviewView(Struct, frozen=True, omit_defaults=True):
    """The verdict that stands, or the last one on an earlier revision."""

    id: UUID
    verdict: str
    reasons: tuple[str, ...]
    at_pos: int
    is_of_this_revision: bool
    remarks: str | None = None


class BranchView(Struct, frozen=True):
    """Another answer to the same revision, waiting to be settled."""

    id: UUID
    body: dict[str, Any]


class MarkView(Struct, frozen=True, omit_defaults=True):
    """Something to look at, with the facts it rests on; never a score."""

    code: str
    params: dict[str, Any] = {}


class View(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One entity as its reader may see it; instants are RFC 3339 UTC."""

    id: UUID
    kind: str
    revision: UUID
    effect: str
    place: str
    premises_id: UUID | None = None
    author: UUID
    author_state: str
    pos: int
    changed_pos: int
    received_at: str
    grade: str
    body: dict[str, Any]
    review: ReviewView | None = None
    branches: tuple[BranchView, ...] = ()
    duplicate_of: UUID | None = None
    superseded_by: UUID | None = None
    left_on: str | None = None
    departure_reason: str | None = None
    withdrawal_reason: str | None = None
    marks: tuple[MarkView, ...] = ()


class Opened(Struct, frozen=True):
    """What building a page of views needs beside the entities."""

    disclosures: dict[UUID, dict[str, str]]
    author_states: dict[UUID, str]
    bodies: dict[UUID, tuple[UUID | None, dict[str, Any]]]
