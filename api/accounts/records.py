"""Accounts, keys, grants and verifications as documents say them and as they fold."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from api.access import Role
from api.ledger.values import Code, Digest, Language, OptionalText, ShortText
from sync.keys import PublicJwk

AccountState = Literal["unverified", "active"]
RevocationReason = Literal["replaced", "left", "lost", "stolen"]


class Account(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A key registers itself and, with it, the person or program that holds it."""

    capacity: Literal[
        "owner", "manager", "operator", "representative", "officer", "client", "register"
    ]
    language: Language
    jwk: PublicJwk | None = None
    invitation: Annotated[str, Meta(max_length=64)] | None = None
    contact: Digest


class AccountContact(Struct, frozen=True, omit_defaults=True):
    """Who holds the account; accounts are never looked up by phone number."""

    name: ShortText
    phone: OptionalText = ""


class Grant(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The register or an officer gives an account a role over places."""

    account_id: UUID
    role: Role
    places: Annotated[tuple[Code, ...], Meta(max_length=100)] = ()
    scopes: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    premises_id: UUID | None = None
    expires_at: Annotated[str, Meta(min_length=24, max_length=24)] | None = None


class Verification(Struct, frozen=True):
    """An officer compared the short code with the person."""

    account_id: UUID


class Revocation(Struct, frozen=True):
    """A key or a grant ends."""

    reason: RevocationReason
    kid: Annotated[str, Meta(min_length=43, max_length=43)] | None = None
    grant_id: UUID | None = None


class AccountRow(Struct, frozen=True, kw_only=True):
    """An account as it folds: what it may do, until when, and how much an unverified one did."""

    log: str
    account_id: UUID
    role: Role
    state: AccountState
    places: tuple[str, ...]
    scopes: tuple[str, ...]
    capacity: str
    language: str
    verification_code: str
    premises_count: int
    stays_count: int
    created_pos: int
    expires_ms: int | None = None

    def is_over(self, now_ms: int) -> bool:
        """Say whether the role was given until an instant that has passed."""
        return self.expires_ms is not None and self.expires_ms <= now_ms


class DeviceRow(Struct, frozen=True, kw_only=True):
    """A key and the account that it signs for."""

    log: str
    kid: str
    account_id: UUID
    jwk: PublicJwk
    revoked_ms: int | None = None
    revocation_reason: RevocationReason | None = None


class EarlyRevocation(Struct, frozen=True, kw_only=True):
    """A revocation of a key that is not registered, or after a restore no longer."""

    log: str
    kid: str
    revoked_ms: int
    revocation_reason: RevocationReason


class GrantRow(Struct, frozen=True, kw_only=True):
    """A right over single premises, given by their owner to a manager."""

    log: str
    grant_id: UUID
    account_id: UUID
    premises_id: UUID
    expires_ms: int | None
    is_live: bool


class DeviceAnswer(Struct, frozen=True):
    """What a phone learns when its key registered, the same on every repeat."""

    kid: str
    account_id: UUID
    role: Role
    state: AccountState
    verification_code: str
