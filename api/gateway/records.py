"""What a program asks to be written, and what it learns became of it."""

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct

from api.views.records import View
from sync.messages import Problem

ROWS_MAX: Final = 100
Custody = Literal["stored", "held"]


class Draft(Struct, frozen=True, kw_only=True):
    """A document before it is signed; `at` is the pointer of its content in the caller's JSON.

    Conditional: its base has to be the current revision; stale: it was not when asked.
    """

    id: UUID
    kind: str
    place: str
    body: Mapping[str, Any]
    disclosed: Mapping[str, Mapping[str, Any]]
    after: tuple[UUID, ...] = ()
    revises: tuple[UUID, UUID] | None = None
    is_conditional: bool = False
    is_stale: bool = False
    at: str = ""

    @property
    def entity(self) -> UUID:
        """What the document creates, corrects or ends."""
        return self.id if self.revises is None else self.revises[0]


class Earlier(Struct, frozen=True, kw_only=True):
    """A document that the register holds under the same id; without a receipt it waits."""

    kind: str
    entity: UUID
    base: UUID | None
    place: str
    body: Mapping[str, Any]
    disclosed: Mapping[str, Mapping[str, Any]]
    receipt: str | None
    missing: tuple[UUID, ...] = ()


class Settled(Struct, frozen=True, kw_only=True):
    """What became of one draft: in the log, or waiting for others."""

    draft: Draft
    custody: Custody = "stored"
    receipt: str | None = None
    missing: tuple[UUID, ...] = ()
    is_replayed: bool = False


class Written(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What stands in the register now, with the receipt of this document."""

    id: UUID
    custody: Custody
    view: View | None = None
    receipt: str | None = None
    missing: tuple[UUID, ...] = ()
    dry_run: bool = False


class Batch(Struct, frozen=True):
    """Stays, each an object as for `POST /v1/stays` with its own `idempotency_key`."""

    rows: list[Any]


class RowResult(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What became of one row: the status, headers and body that it would have had alone."""

    status: int
    idempotency_key: UUID | None = None
    location: str | None = None
    etag: str | None = None
    is_replayed: bool = False
    answer: Written | None = None
    problem: Problem | None = None


class BatchAnswer(Struct, frozen=True):
    """One result a row, in the order sent."""

    results: list[RowResult]
