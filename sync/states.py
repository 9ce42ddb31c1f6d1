"""What a device remembers and what can happen to it; what follows from it is in replica.py."""

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from sync.messages import PUSH_ITEMS_MAX, Custody, FieldError, Id, Kid

REGISTRATION: Final = "account"

State = Literal[
    "queued", "sending", "held", "received", "confirmed", "summary", "rejected", "blocked"
]


class Row(Struct, frozen=True, kw_only=True):
    """One document on this device; `size` is the bytes of its item as JSON, `hash` is base64url."""

    id: Id
    hash: str
    by: Kid
    kind: str
    after: tuple[Id, ...] = ()
    size: int
    state: State = "queued"
    attempts: int = 0
    not_before_ms: int = 0
    receipt: str | None = None
    pos: int | None = None
    missing: tuple[Id, ...] = ()
    code: str | None = None
    errors: tuple[FieldError, ...] = ()
    blocked_by: Id | None = None
    confirmed_at_ms: int | None = None


class Link(Struct, frozen=True, kw_only=True):
    """What the device remembers about the way to its server, apart from any document.

    Until `told_ms` the server itself said to wait: a start does not end that.
    """

    failures: int = 0
    not_before_ms: int = 0
    told_ms: int = 0
    batch_items_max: int = PUSH_ITEMS_MAX
    may_compose: bool = True
    moved_to: str | None = None


class Replica(Struct, frozen=True, kw_only=True):
    """All that one device knows about one log; `rows` in the order in which they were composed."""

    kid: Kid
    cursor: str | None = None
    rows: Mapping[Id, Row]
    link: Link = Link()


class Composed(Struct, frozen=True, tag="composed"):
    """A document was signed and stored, or taken over from another device to be carried."""

    row: Row


class Started(Struct, frozen=True, tag="started"):
    """The program starts, and nothing is on its way.

    With `asked` a person wants it sent now, also what could still be taken back.
    """

    asked: bool = False


class Sending(Struct, frozen=True, tag="sending"):
    """A push with these documents leaves the device."""

    ids: tuple[Id, ...]


class ItemAnswer(Struct, frozen=True, kw_only=True):
    """One result of a push; `receipt` only after its signature and contents were checked."""

    id: Id | None = None
    hash: str | None = None
    custody: Custody
    receipt: str | None = None
    pos: int | None = None
    missing: tuple[Id, ...] = ()
    code: str | None = None
    errors: tuple[FieldError, ...] = ()
    retry_after_seconds: int | None = None


class Answered(Struct, frozen=True, kw_only=True, tag="answered"):
    """A push, or a registration, was answered; `random` is in [0, 1)."""

    sent: tuple[Id, ...]
    results: tuple[ItemAnswer, ...]
    at_ms: int
    random: float


class Failed(Struct, frozen=True, kw_only=True, tag="failed"):
    """A whole request was refused with `status`, or never answered (`null`)."""

    sent: tuple[Id, ...] = ()
    status: int | None = None
    code: str | None = None
    retry_after_seconds: int | None = None
    moved_to: str | None = None
    at_ms: int
    random: float


class Pulled(Struct, frozen=True, kw_only=True, tag="pulled"):
    """A pull was answered; `head_pos` only from a head whose signature was checked.

    `passed_pos` is the position up to which the new cursor covers the log for certain.
    """

    sent_cursor: str | None
    cursor: str
    head_pos: int
    passed_pos: int
    missing: tuple[Id, ...] = ()
    at: dict[str, int] = {}
    server_time_ms: int


class Gone(Struct, frozen=True, kw_only=True, tag="gone"):
    """The server did not find this cursor in its history (410)."""

    sent_cursor: str


Event = Composed | Started | Sending | Answered | Failed | Pulled | Gone


def is_registration(replica: Replica, row: Row) -> bool:
    """Say whether the device's own key registers itself with this document."""
    return row.kind == REGISTRATION and row.by == replica.kid


def find_registration(replica: Replica) -> Row | None:
    """Return the last document with which this device's own key registered itself, if it did."""
    own = [row for row in replica.rows.values() if is_registration(replica, row)]
    return own[-1] if own else None
