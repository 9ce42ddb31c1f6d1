"""What marks are computed from, and what they say; filled by the stores, so that rules stay pure.

Twin: pwa/src/marks/rules.ts. Dates are as declared: `2022-09-24`, partial, "unknown" or None;
instants are as on the wire.
"""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from api.orders.records import KnownOrder

MarkCode = Literal[
    "late",
    "visa_expired",
    "visa_expires",
    "permit_expired",
    "permit_expires",
    "no_permit_data",
    "document_held_by_other",
    "mrz_check_failed",
    "mrz_corrected",
    "same_document_elsewhere",
    "overlapping_stays",
    "minor_without_guardian",
    "unverified_owner",
    "count_differs",
    "values_withheld",
    "clock_skew",
    "group_moved",
    "departure_in_future",
    "departed_twice",
    "departed_before_arrival",
    "key_ended",
    "many_one_phone",
    "many_one_employer",
    "many_one_series",
]
Side = Literal["owner", "police", "desk"]


class Mark(Struct, frozen=True):
    """One thing to look at; `params` are the facts that explain it."""

    code: MarkCode
    params: dict[str, str | int | bool | tuple[str, ...]] = {}


class LinkedStay(Struct, frozen=True, kw_only=True):
    """Another stay of the same document, or of the same names, birth date and nationality."""

    stay_id: str
    premises_id: str
    by: Literal["document", "person"]
    arrived_on: str | None = None
    left_on: str | None = None


class Spread(Struct, frozen=True):
    """How many stays that count share something, and at how many premises they are."""

    count: int = 0
    homes: int = 0


class Shared(Struct, frozen=True):
    """What a stay shares with others, itself among them."""

    phone: Spread = Spread()
    employer: Spread = Spread()
    series: Spread = Spread()


class StayFacts(Struct, frozen=True, kw_only=True):
    """What is known of one stay; None where nothing was declared."""

    premises_id: str
    received_at: str
    due_at: str | None = None
    author_state: Literal["active", "unverified"] = "active"
    role: str = "lives"
    arrived_on: str | None = None
    left_on: str | None = None
    left_on_before: tuple[str, ...] = ()
    visa_class: str = "unknown"
    visa_expires_on: str | None = None
    permit_state: str | None = None
    permit_year: int | None = None
    document_holder: str = "unknown"
    mrz_failing: tuple[str, ...] = ()
    mrz_repaired: bool = False
    born_on: str | None = None
    guardian_is_named: bool = False
    linked: tuple[LinkedStay, ...] = ()
    withheld: tuple[str, ...] = ()
    skew_minutes: int = 0
    moved_from: str | None = None
    moved_count: int = 0
    key_ended_as: str | None = None
    shared: Shared = Shared()


class PremisesFacts(Struct, frozen=True, kw_only=True):
    """What is known of one premises and its latest declaration; None where there is none.

    `found_count` counts the stays that the register holds: those named, and others of that day.
    """

    author_state: Literal["active", "unverified"] = "active"
    due_at: str | None = None
    declared_at: str | None = None
    declared_count: int | None = None
    found_count: int = 0
    withheld: tuple[str, ...] = ()
    skew_minutes: int = 0
    key_ended_as: str | None = None


class Declared(Struct, frozen=True):
    """A declaration beside what the register holds of the stays that it names."""

    premises_id: UUID
    order_id: UUID
    received_ms: int
    count: int
    found_count: int


class Move(Struct, frozen=True):
    """From which premises somebody came, and how many others came from there in the same days."""

    premises_id: UUID
    count: int


class Surroundings(Struct, frozen=True, kw_only=True):
    """What marks rest on beside the entities of a page, loaded for the whole page at once."""

    orders: tuple[KnownOrder, ...] = ()
    linked: dict[UUID, tuple[LinkedStay, ...]] = {}
    moves: dict[UUID, Move] = {}
    declared: dict[UUID, Declared] = {}
    latest: dict[UUID, UUID] = {}
    ended: dict[UUID, str] = {}
    shared: dict[UUID, Shared] = {}
