"""An owner whom nobody has verified yet, as the officer meets him."""

from uuid import UUID

from msgspec import Struct


class PendingAccount(Struct, frozen=True, kw_only=True):
    """What the officer compares; name and telephone are as the person gave them, unchecked."""

    account_id: UUID
    verification_code: str
    name: str | None
    phone: str | None
    capacity: str
    language: str
    premises_count: int
    stays_count: int
    registered_at: str
