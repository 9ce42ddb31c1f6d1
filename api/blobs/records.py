"""A photo on its way into the register, and what a request brings of it."""

from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

#: What the register takes of one photo, and of it in one request.
BLOB_BYTES_MAX: Final = 5 * 1024 * 1024
PART_BYTES_MAX: Final = 1024 * 1024

BlobState = Literal["begun", "kept", "refused"]


class Blob(Struct, frozen=True, kw_only=True):
    """One photo as one account sends it, named by the SHA-256 of the bytes that are sent.

    `received` of `length` bytes are durable. `kept_bytes` is the length of what was drawn anew.
    `seen_ms`: when something last arrived of it, or premises were last seen to name it.
    """

    log: str
    account_id: UUID
    sha256: bytes
    state: BlobState = "begun"
    refusal: str | None = None
    length: int
    received: int = 0
    kept_bytes: int = 0
    begun_ms: int
    seen_ms: int

    @property
    def name(self) -> str:
        """The name on the wire."""
        return self.sha256.hex()


class Shown(Struct, frozen=True):
    """A photo as one account sent it, and premises that name it and that it wrote about."""

    premises_id: UUID
    blob: Blob


class Part(Struct, frozen=True):
    """What one request brings: bytes from an offset on; the first says how long the whole is."""

    offset: int
    length: int | None
    data: bytes


class Use(Struct, frozen=True):
    """What an account has here: bytes kept or promised, and photos begun within a day."""

    bytes: int
    begun: int


class Allowance(Struct, frozen=True):
    """What an account may have here."""

    bytes: int
    begun_a_day: int
