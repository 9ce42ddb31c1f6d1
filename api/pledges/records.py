"""What is signed with a pledge, and the texts that can be signed."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from api.ledger.values import Code, Digest, Language, OptionalText, ShortText
from api.premises.records import Capacity


class Pledge(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A signer's pledge for premises and order; never amended, but superseded or withdrawn."""

    premises_id: UUID
    order_id: UUID
    text_id: Code
    version: Code
    language: Language
    text_hash: Digest
    clauses: Annotated[tuple[Annotated[int, Meta(ge=1, le=50)], ...], Meta(max_length=50)]
    exceptions: Annotated[tuple[UUID, ...], Meta(max_length=2_000)]
    capacity: Capacity
    read_aloud: bool
    unlocked_by: Literal["pin", "passkey", "none"]
    signed_place: ShortText | None = None
    identity: Digest
    signature: Digest | None = None


class Signer(Struct, frozen=True, omit_defaults=True):
    """Who signed; disclosed beside the signature."""

    signer: ShortText
    typed_name: ShortText
    witness: OptionalText | None = None


class Strokes(Struct, frozen=True):
    """A drawn signature as polylines in the unit square."""

    strokes: Annotated[list[list[tuple[float, float]]], Meta(max_length=200)]


class PledgeClause(Struct, frozen=True):
    """A numbered promise."""

    n: Annotated[int, Meta(ge=1, le=50)]
    text: Annotated[str, Meta(min_length=1, max_length=2_000)]


class PledgeWording(Struct, frozen=True):
    """The text in one language; `hash` is base64url SHA-256 of the exact text that is displayed."""

    title: ShortText
    preamble: Annotated[str, Meta(max_length=2_000)]
    clauses: Annotated[tuple[PledgeClause, ...], Meta(min_length=1, max_length=50)]
    closing: Annotated[str, Meta(max_length=2_000)]
    hash: Digest


class PledgeText(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A version of the pledge; DRAFT until an operator records who approved it and when."""

    text_id: Code
    version: Code
    languages: dict[str, PledgeWording]
    approved_by: ShortText | None = None
    approved_on: Annotated[str, Meta(min_length=10, max_length=10)] | None = None


class PledgeRow(Struct, frozen=True, kw_only=True):
    """A pledge as it is found by premises, order and signer."""

    log: str
    pledge_id: UUID
    premises_id: UUID
    order_id: UUID
    author: UUID
    place: str
    pos: int


class KnownPledgeText(Struct, frozen=True):
    """A text under the id of its document."""

    id: UUID
    text: PledgeText


class PledgeTextView(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A text as anybody may read it; `id` is what orders and pledges name."""

    id: str
    version: str
    status: Literal["draft", "approved"]
    approved_on: str | None
    languages: dict[str, PledgeWording]
