"""An invitation as it is kept."""

from uuid import UUID

from msgspec import Struct

from api.access import Role


class Invitation(Struct, frozen=True, kw_only=True):
    """A code that gives one account a role; only the hash of its secret half is kept.

    `wrong_ms` is the instant of the last wrong try, `used_ms` that of its one use.
    """

    invitation_id: UUID
    log: str
    handle: str
    secret_sha256: bytes
    role: Role
    places: tuple[str, ...]
    created_ms: int
    expires_ms: int
    tries_left: int
    wrong_ms: int = 0
    used_ms: int | None = None
