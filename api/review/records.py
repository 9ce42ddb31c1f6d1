"""What an officer says of an entry."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.ledger.values import Code, Digest

ReasonCode = Literal[
    "photo_unclear",
    "date_missing",
    "wrong_unit",
    "name_unreadable",
    "registered_elsewhere",
    "count_differs",
    "other",
]


class Review(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A verdict on the revision that the document names as its base."""

    verdict: Literal["accept", "return", "refer"]
    reasons: Annotated[tuple[ReasonCode, ...], Meta(max_length=7)] = ()
    remarks: Digest | None = None


class Withdrawal(Struct, frozen=True):
    """The author takes an own document back."""

    reason: Code


Section = Literal["corrected", "conflict", "fresh", "unverified", "overdue"]


class WorkSection(Struct, frozen=True):
    """A part of the work list: how much waits, and since when the oldest."""

    section: Section
    count: int
    oldest_at: str | None


class WorkList(Struct, frozen=True):
    """What waits for an officer, in the order in which it is to be looked at."""

    sections: list[WorkSection]
