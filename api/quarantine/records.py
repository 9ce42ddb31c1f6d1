"""What an officer says of a document in quarantine, and what he sees of it before."""

from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from api.accounts.records import RevocationReason
from api.ledger.values import Code, Digest

Verdict = Literal["adopt", "discard"]
Reason = Literal[
    "author_confirms", "seen_on_visit", "author_denies", "entered_again", "not_plausible"
]


class Adoption(Struct, frozen=True):
    """A document of a lost or stolen key is believed all the same, or refused for good."""

    document_id: UUID
    document_hash: Digest
    verdict: Verdict
    reason: Reason


class AdoptionRow(Struct, frozen=True, kw_only=True):
    """A verdict as it folds; of several on one document the first in the log counts."""

    log: str
    adoption_id: UUID
    document_id: UUID
    document_hash: str
    place: str
    verdict: Verdict
    pos: int
    received_ms: int


class Quarantined(Struct, frozen=True, kw_only=True):
    """A document in quarantine: what was signed, without the personal values beside it."""

    document_id: UUID
    document_hash: str
    kind: str
    entity: UUID
    place: Code
    author: UUID
    held_at: str
    revoked_at: str
    revocation_reason: RevocationReason
    body: dict[str, Any]


class Judging(Struct, frozen=True):
    """An officer's verdict on the bytes that he saw."""

    document_hash: Digest
    verdict: Verdict
    reason: Reason


class Settled(Struct, frozen=True, omit_defaults=True):
    """What became of the document: its receipt, or the code of its refusal.

    Neither while a quota of its author holds it up: it is stored when he is verified.
    """

    document_id: UUID
    receipt: str | None = None
    code: str | None = None
