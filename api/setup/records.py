"""What the operator records at the first start, and what a demonstration remembers of itself."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from api.ledger.values import Code, ShortText

Size = Literal["tiny", "commune", "province"]


class Operator(Struct, frozen=True, kw_only=True):
    """Who runs the register, how he is reached, and on what legal basis he collects."""

    operator: ShortText
    contact: ShortText
    legal_basis: Annotated[str, Meta(min_length=1, max_length=1_000)]
    recorded_at: str


class Demo(Struct, frozen=True, kw_only=True):
    """A register of synthetic people: its recipe, and how far its clock is from the machine's."""

    size: Size
    seed: int
    today: str
    offset_ms: int


class Recipients(Struct, frozen=True):
    """To whose public keys (`age1…`) backups are sealed."""

    recipients: Annotated[tuple[Annotated[str, Meta(max_length=4_096)], ...], Meta(max_length=16)]


class Setup(Struct, frozen=True):
    """Everything of that which is recorded; nothing of it is missing for ever."""

    operator: Operator | None = None
    demo: Demo | None = None
    recipients: Recipients | None = None


class FirstSteps(Struct, frozen=True, kw_only=True):
    """What the operator says on the first day; the pledge's approval may be told later."""

    operator: ShortText
    contact: ShortText
    legal_basis: Annotated[str, Meta(min_length=1, max_length=1_000)]
    place: Code
    order_id: UUID
    approved_by: ShortText | None = None
    approved_on: Annotated[str, Meta(min_length=10, max_length=10)] | None = None


class Approval(Struct, frozen=True):
    """Who approved a pledge text for signing, and on which day (`2026-01-05`)."""

    approved_by: ShortText
    approved_on: Annotated[str, Meta(min_length=10, max_length=10)]


class Steps(Struct, frozen=True):
    """What follows: the code for the phone of the first head of post."""

    invitation: str
    place: str
    expires_at: str
    is_pledge_approved: bool
