"""What is put down about somebody who looked."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

Action = Literal[
    "accounts.list",
    "communes.inbox",
    "declaration.list",
    "declaration.read",
    "feed.full",
    "form.print",
    "list.export",
    "photo.read",
    "pledge.list",
    "pledge.read",
    "premises.list",
    "premises.read",
    "quarantine.adopt",
    "quarantine.discard",
    "quarantine.read",
    "review.list",
    "stay.list",
    "stay.read",
    "stays.search",
    "stay.reveal",
    "sync.pull",
]
Purpose = Literal[
    "registration",
    "visit",
    "welfare",
    "missing_person",
    "emergency",
    "court_request",
    "person_request",
]


class Look(Struct, frozen=True):
    """One look: by whom, at which entity if at one, and why."""

    account_id: UUID
    action: Action
    subject: UUID | None
    reason: str


class AuditRow(Struct, frozen=True):
    """A look at its place in the chain; `n` counts from 1 in each log."""

    n: int
    at_ms: int
    look: Look
    chain: bytes


class Reveals(Struct, frozen=True):
    """How many document numbers an account was shown on a day of Cambodia."""

    account_id: UUID
    day: str
    count: int
