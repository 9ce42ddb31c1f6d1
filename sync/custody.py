"""Custody: what becomes of one document, decided purely from what the register holds.

It never depends on what other people did: that is the effect, which the slices fold.
"""

from typing import Literal
from uuid import UUID

from msgspec import Struct

from sync.messages import FieldError

Judgement = Literal[
    "allowed", "not-allowed", "device-revoked", "quarantined", "wrong-commune", "quota"
]


class Fault(Struct, frozen=True):
    """Why a document cannot stand: a custody or domain code, pointers, and data for the reader."""

    code: str
    errors: tuple[FieldError, ...] = ()
    details: dict[str, str] = {}


class Known(Struct, frozen=True):
    """A document of the same id: in the log with its receipt, or in the backlog without."""

    hash: bytes
    receipt: str | None


class Standing(Struct, frozen=True):
    """Everything that custody depends on; `None` and empty mean that nothing speaks against it."""

    may_be_sent: bool = True
    known: Known | None = None
    is_readable: bool = True
    expired: bool = False
    missing: tuple[UUID, ...] = ()
    fault: Fault | None = None
    judgement: Judgement = "allowed"


class Stored(Struct, frozen=True):
    """Append it now."""


class Duplicate(Struct, frozen=True):
    """It is in the log: the original receipt answers."""

    receipt: str


class Held(Struct, frozen=True):
    """Keep it in the backlog until the missing documents arrive, or an officer adopts it."""

    missing: tuple[UUID, ...]
    is_new: bool


class Rejected(Struct, frozen=True):
    """Final for these bytes."""

    fault: Fault


class Later(Struct, frozen=True):
    """Nothing is stored; the device sends it again."""

    code: str


Decision = Stored | Duplicate | Held | Rejected | Later


def decide(document_hash: bytes, standing: Standing) -> Decision:
    """Decide one document that is authentic; the steps are those of README.md, "Deciding"."""
    if not standing.may_be_sent:
        return Rejected(Fault("not-allowed"))  # [D2]
    known = standing.known
    if known is not None and known.receipt is not None and known.hash != document_hash:
        return Rejected(Fault("id-reuse"))  # [D3]
    if known is not None and known.receipt is not None:
        return Duplicate(known.receipt)  # [D4]
    return _weigh(standing)


def _weigh(standing: Standing) -> Decision:
    """Decide a document that is not in the log yet [D5, D6]."""
    if not standing.is_readable:
        return Later("version.newer")
    if standing.fault is not None:
        return Rejected(standing.fault)
    return _wait(standing) if standing.missing else _judge(standing)


def _wait(standing: Standing) -> Decision:  # [D7]
    if standing.expired:
        return Rejected(Fault("dependency"))
    return Held(standing.missing, is_new=standing.known is None)


def _judge(standing: Standing) -> Decision:  # [D8]
    if standing.judgement == "allowed":
        return Stored()
    if standing.judgement == "quarantined":
        return Held((), is_new=standing.known is None)
    if standing.judgement == "quota":
        return Later("quota")
    return Rejected(Fault(standing.judgement))
