"""An entity as people and programs read it."""

from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct

from api.access import Role
from api.ledger.records import Effect, Scope
from api.ledger.shapes import Shapes
from api.marks.records import Mark, Surroundings
from api.orders.records import KnownOrder
from api.places.records import Places

_END: Final = 2**53
#: What a part of a list or a pull opens: it ends before an entity that goes beyond, and goes on.
PAGE_BYTES_MAX: Final = 2 * 1024 * 1024
#: Of a history, in a list and by itself; what is longer is named without its content.
LISTED_HISTORY_BYTES_MAX: Final = 16 * 1024
HISTORY_BYTES_MAX: Final = 1024 * 1024
#: Of an entity in conflict; what is settled makes room for the next.
BRANCHES_SHOWN_MAX: Final = 8


PhotoState = Literal["waiting", "here"]
"""Whether a photo that premises name has arrived: text goes first."""


class Reader(Struct, frozen=True):
    """For whom views are opened, and when: marks depend on the day and on what he may see."""

    role: Role
    now_ms: int
    places: Places
    scope: Scope
    shapes: Shapes


class ReviewView(Struct, frozen=True, omit_defaults=True):
    """The verdict that stands, or the last one on an earlier revision."""

    id: UUID
    verdict: str
    reasons: tuple[str, ...]
    at: str
    at_pos: int
    is_of_this_revision: bool
    remarks: str | None = None


class BranchView(Struct, frozen=True):
    """Another answer to the same revision, waiting to be settled."""

    id: UUID
    body: dict[str, Any]


class HistoryView(Struct, frozen=True, omit_defaults=True):
    """A document on an entity, with who said it, in which grade, and what: a revision in full.

    The body is left out of the later ones of a history that is long; `GET …/{id}` shows more.
    """

    id: UUID
    pos: int
    kind: str
    received_at: str
    author: UUID | None
    grade: str
    body: dict[str, Any] | None = None


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
    author_code: str | None = None
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
    photo_state: PhotoState | None = None
    marks: tuple[Mark, ...] = ()
    history: tuple[HistoryView, ...] | None = None


class Opened(Struct, frozen=True, kw_only=True):
    """What building a page of views needs beside the entities; instants in milliseconds."""

    disclosures: dict[UUID, dict[str, str]] = {}
    author_states: dict[UUID, str]
    author_codes: dict[UUID, str]
    bodies: dict[UUID, tuple[UUID | None, dict[str, Any]]] = {}
    instants: dict[UUID, int] = {}
    surroundings: Surroundings
    covering: dict[str, list[KnownOrder]]
    photographed: frozenset[UUID] = frozenset()


class Revision(Struct, frozen=True):
    """A document on an entity as the log holds it."""

    id: UUID
    pos: int
    kind: str
    received_ms: int
    author: UUID | None
    grade: str
    base: UUID | None
    body: dict[str, Any]


class Wanted(Struct, frozen=True, kw_only=True):
    """Which entities are listed; None means any."""

    kind: str
    premises_id: UUID | None = None
    place: str | None = None
    effect: Effect | None = None


class Slice(Struct, frozen=True):
    """How much of a list: what comes after a position in the list's own order, or its beginning."""

    pos: int | None
    limit: int

    @property
    def before(self) -> int:
        """The position below which a list that runs backwards goes on."""
        return _END if self.pos is None else self.pos


class Page(Struct, frozen=True):
    """A part of a list, newest first; `next` is the cursor of the following part."""

    items: list[View]
    next: str | None
