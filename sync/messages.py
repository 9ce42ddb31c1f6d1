"""What travels between a device and the register; bodies stay opaque: sync knows no slice."""

from typing import Annotated, Final, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from msgspec.structs import force_setattr

PAYLOAD_BYTES_MAX: Final = 64 * 1024
PUSH_ITEMS_MAX: Final = 100
PUSH_BYTES_MAX: Final = 1024 * 1024
HAVE_MAX: Final = 500
AFTER_MAX: Final = 32
PULL_LIMIT_MAX: Final = 500
PULL_WAIT_SECONDS_MAX: Final = 25
SAFE_INTEGER_MAX: Final = 2**53
DEPTH_MAX: Final = 16
DISCLOSURES_MAX: Final = 16
STEP_MAX: Final = 64

Id = UUID
Name = Annotated[str, Meta(min_length=1, max_length=64)]
Kid = Annotated[str, Meta(min_length=43, max_length=43)]
Disclosure = Annotated[str, Meta(max_length=PAYLOAD_BYTES_MAX)]
Custody = Literal["stored", "duplicate", "held", "rejected", "later"]


class Item(Struct, frozen=True, omit_defaults=True):
    """A signed document as it is sent: see wire.md, "Item"."""

    protected: Annotated[str, Meta(max_length=512)]
    payload: str
    signature: Annotated[str, Meta(max_length=128)]
    disclosures: Annotated[dict[Name, Disclosure], Meta(max_length=DISCLOSURES_MAX)] | None = None


class Anchor(Struct, frozen=True):
    """The last receipt that the author saw; the true time lies between it and `received_at`."""

    pos: Annotated[int, Meta(ge=0, le=SAFE_INTEGER_MAX)]
    chain: Annotated[str, Meta(max_length=64)]
    at: Annotated[str, Meta(max_length=32)]


class Payload(Struct, frozen=True, kw_only=True):
    """The signed part of a document, without knowledge of what its body means."""

    v: Annotated[int, Meta(ge=1, le=SAFE_INTEGER_MAX)]
    by: Kid
    kind: Name
    id: Id
    entity: Id
    base: Id | None
    resolves: Annotated[tuple[Id, ...], Meta(max_length=AFTER_MAX)] = ()
    after: Annotated[tuple[Id, ...], Meta(max_length=AFTER_MAX)]
    log: Name
    place: Name
    seq: Annotated[int, Meta(ge=1, le=SAFE_INTEGER_MAX)]
    made_at: Annotated[str, Meta(max_length=32)]
    anchor: Anchor | None
    body: Raw


class FieldError(Struct, frozen=True):
    """Where the caller's JSON is wrong (RFC 6901 pointer), and how; never the value.

    A pointer holds names of the caller's: longer ones are cut, what does not show is replaced.
    """

    pointer: str
    code: str

    def __post_init__(self) -> None:
        """Keep what is echoed short and of letters that show."""
        if len(self.pointer) > STEP_MAX or not self.pointer.isprintable():
            force_setattr(self, "pointer", clean_pointer(self.pointer))


def clean_pointer(pointer: str) -> str:
    """Return a pointer whose every step can be shown to anybody."""
    steps = pointer.split("/")[: 2 * DEPTH_MAX]
    cut = (step if len(step) <= STEP_MAX else f"{step[:STEP_MAX]}…" for step in steps)
    return "".join(one if one.isprintable() else "\ufffd" for one in "/".join(cut))


class Problem(Struct, frozen=True):
    """An RFC 9457 problem; `code` is stable and translated on the device."""

    type: str
    title: str
    status: int
    code: str
    errors: tuple[FieldError, ...] = ()
    request_id: str = ""
    retryable: bool = False
    details: dict[str, str] = {}


class PushResult(Struct, frozen=True, omit_defaults=True):
    """What became of one item; `id` and `hash` are absent when the payload could not be read."""

    custody: Custody
    id: Id | None = None
    hash: str | None = None
    receipt: str | None = None
    missing: tuple[Id, ...] = ()
    problem: Problem | None = None
    retry_after: int | None = None
    dry_run: bool = False


class PushRequest(Struct, frozen=True):
    """A batch; items are left raw so that one bad item never refuses the others."""

    items: Annotated[list[Raw], Meta(max_length=PUSH_ITEMS_MAX)]


class PushAnswer(Struct, frozen=True):
    """One result an item, in the order sent."""

    results: list[PushResult]


class PullRequest(Struct, frozen=True):
    """What a device has and wants; `wait` in seconds makes it a long poll."""

    cursor: Annotated[str, Meta(max_length=4096)] | None = None
    have: Annotated[tuple[Id, ...], Meta(max_length=HAVE_MAX)] = ()
    limit: Annotated[int, Meta(ge=1, le=PULL_LIMIT_MAX)] = 200
    wait: Annotated[int, Meta(ge=0, le=PULL_WAIT_SECONDS_MAX)] = 0


class ReceiptKey(Struct, frozen=True):
    """A key that signs receipts, or once did; instants say from when to when."""

    kid: Kid
    kty: str
    crv: str
    x: str
    y: str
    valid_from: str | None = None
    valid_until: str | None = None


class Info(Struct, frozen=True):
    """What a device must know before it signs in: the server's time, a nonce, its receipt keys."""

    register: str
    server_time: str
    nonce: str
    oldest_client: str
    receipt_keys: tuple[ReceiptKey, ...]


class Registered(Struct, frozen=True):
    """What became of a key: the account it speaks for, and the code that an officer compares."""

    kid: Kid
    account_id: Id
    role: str
    state: str
    verification_code: str


class Token(Struct, frozen=True):
    """RFC 6749 section 5.1; `expires_in` in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str = ""


class Arrival(Struct, frozen=True):
    """How many bytes of a photo the register has durably, and whether it has taken the photo."""

    offset: int
    is_complete: bool = False


class Change(Struct, frozen=True, omit_defaults=True):
    """One entry of the log as its reader may see it: the document for nodes, a view for people."""

    log: str
    pos: int
    id: Id
    kind: str
    entity: Id
    effect: str
    document: Item | None = None
    view: Raw | UnsetType = UNSET


class PullAnswer(Struct, frozen=True, omit_defaults=True):
    """One read snapshot: what changed, and where the ids in `have` stand."""

    cursor: str
    head: str
    more: bool
    missing: tuple[Id, ...]
    at: dict[str, int]
    server_time: str
    changes: list[Change]
    snapshot: list[Raw] | None = None
