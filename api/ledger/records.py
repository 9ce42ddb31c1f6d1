"""What the log holds and what its entities fold to, as frozen Structs."""

from collections.abc import Iterator, Mapping
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID

from msgspec import Struct

from sync.custody import Fault, Judgement
from sync.document import Document

Key = tuple[UUID, bytes]
"""Id and hash: what tells documents apart, as an id alone is nobody's until it is in the log."""
K = TypeVar("K")
V = TypeVar("V")

Effect = Literal[
    "pending",
    "accepted",
    "returned",
    "referred",
    "conflict",
    "duplicate_of",
    "withdrawn",
    "departed",
    "superseded",
    "applied",
]
Grade = Literal["author", "register", "paper"]


class Head(Struct, frozen=True):
    """Where a log ends."""

    pos: int
    chain: bytes
    received_ms: int


class Prepared(Struct, frozen=True):
    """A document with its opened body, checked as far as that needs no database.

    `frees` names what is decided again once this is in the log, besides what missed it; `personal`
    are the disclosures whose digests the body brings, whether their values came along or not.
    """

    document: Document
    body: dict[str, Any]
    record: object = None
    disclosed: dict[str, Any] = {}
    fault: Fault | None = None
    personal: tuple[str, ...] = ()
    refers_to: tuple[UUID, ...] = ()
    frees: tuple[UUID, ...] = ()
    is_known_kind: bool = True


class Pusher(Struct, frozen=True):
    """Who sends: rights are judged against the author's account, relaying needs its scope."""

    account_id: UUID | None
    is_relay: bool = False
    place: str | None = None


class Judged(Struct, frozen=True):
    """What authority says of a document, and to whom and in which grade it is put down.

    Whatever is allowed has an author.
    """

    judgement: Judgement
    author: UUID | None
    grade: Grade = "author"
    details: dict[str, str] = {}


class Entry(Struct, frozen=True, kw_only=True):
    """A document at its position."""

    prepared: Prepared
    pos: int
    chain: bytes
    received_ms: int
    author: UUID
    grade: Grade
    receipt: str

    @property
    def document(self) -> Document:
        """The document as its author signed it."""
        return self.prepared.document


class Verdict(Struct, frozen=True, omit_defaults=True):
    """One review: which revision it judged, and whether that revision still stood."""

    id: UUID
    revision: UUID
    verdict: Literal["accept", "return", "refer"]
    reasons: tuple[str, ...]
    pos: int
    stands: bool


class Ending(Struct, frozen=True, omit_defaults=True):
    """How an entity ended: the departure or withdrawal that says so."""

    id: UUID
    reason: str
    left_on: str | None = None
    destination: str | None = None


class Detail(Struct, frozen=True, omit_defaults=True):
    """What an entity folds to beside its body.

    `disclosed`: name to the document that carries the values; `withheld`: those that never came.
    `left_on_before`: days of leaving that a later departure replaced, oldest first.
    `skew_minutes`: how far its author's clock was, for certain, ahead of the register's or behind.
    `is_signed`: on paper at first, and corrected since by somebody who signed it himself.
    `later_count` and `later_bytes` are of its author's side: corrections, departures, withdrawals.
    """

    grade: Grade = "author"
    disclosed: dict[str, UUID] = {}
    withheld: tuple[str, ...] = ()
    skew_minutes: int = 0
    branches: tuple[UUID, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    departure: Ending | None = None
    left_on_before: tuple[str, ...] = ()
    withdrawal: Ending | None = None
    duplicate_of: UUID | None = None
    superseded_by: UUID | None = None
    later_count: int = 0
    later_bytes: int = 0
    is_signed: bool = False


class Entity(Struct, frozen=True, kw_only=True):
    """A thing in the register as its documents fold; `body` holds digests, no values."""

    log: str
    entity: UUID
    kind: str
    revision: UUID
    effect: Effect
    place: str
    premises_id: UUID | None
    author: UUID
    created_pos: int
    changed_pos: int
    received_ms: int
    body: dict[str, Any]
    detail: Detail = Detail()


class Scope(Struct, frozen=True):
    """What a reader may see: every place, some places, or what is at an account's premises.

    What belongs to no premises (accounts, grants) is its author's.

    `now_ms` is when: a grant over premises may have expired.
    """

    places: tuple[str, ...] = ()
    account_id: UUID | None = None
    everything: bool = False
    now_ms: int = 0


class Tracked(Generic[K, V]):
    """Rows loaded for one transaction, which remembers the ones that a fold replaced."""

    def __init__(self, rows: Mapping[K, V] | None = None) -> None:
        """Start from what was loaded."""
        self._rows: dict[K, V] = dict(rows or {})
        self._changed: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """Return the row, or None when there is none."""
        return self._rows.get(key)

    def add(self, rows: Mapping[K, V]) -> None:
        """Take more loaded rows; what a fold already replaced stands."""
        self._rows = {**rows, **self._rows}

    def merge(self, later: "Tracked[K, V]") -> None:
        """Take rows that another loaded; what is here stands."""
        self.add(dict(later.items()))

    def put(self, key: K, value: V) -> None:
        """Replace a row; it will be written."""
        self._rows[key] = value
        self._changed[key] = value

    def __contains__(self, key: K) -> bool:
        """Say whether the row was loaded or made."""
        return key in self._rows

    def values(self) -> Iterator[V]:
        """Return every row."""
        return iter(self._rows.values())

    def items(self) -> Iterator[tuple[K, V]]:
        """Return every key with its row."""
        return iter(self._rows.items())

    @property
    def changed(self) -> list[V]:
        """The rows to write."""
        return list(self._changed.values())


Entities = Tracked[UUID, Entity]
