"""What an officer says of an entry."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from api.ledger.values import Digest

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


WithdrawalReason = Literal[
    "entered_twice", "entered_by_mistake", "wrong_person", "wrong_premises", "other"
]


class Withdrawal(Struct, frozen=True):
    """The author takes an own document back."""

    reason: WithdrawalReason


Section = Literal["corrected", "conflict", "fresh", "unverified", "overdue"]


REVIEWED: Final = ("premises", "stay", "declaration", "pledge")
"""The kinds that officers judge; nothing else ever waits."""
GREEN_MAX: Final = 100
"""How far it is counted what carries no mark: as many as go into one batch of verdicts."""


class WorkSection(Struct, frozen=True, omit_defaults=True):
    """A part of the work list: how much waits, and since when the oldest.

    `green_count` is how many of the oldest `GREEN_MAX` carry no mark; told of what is fresh alone.
    """

    section: Section
    count: int
    oldest_at: str | None
    green_count: int | None = None


class WorkList(Struct, frozen=True):
    """What waits for an officer, in the order in which it is to be looked at."""

    sections: list[WorkSection]
