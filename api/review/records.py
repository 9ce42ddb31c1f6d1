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
