"""An entry of the log with everything stored about it, as the inspection reads it."""

from uuid import UUID

from msgspec import Struct

from sync.messages import Item


class Logged(Struct, frozen=True, kw_only=True):
    """One row of `entries` with its payload and disclosures; `item` is None without a payload."""

    pos: int
    id: UUID
    hash: bytes
    by: str
    kind: str
    entity: UUID
    place: str
    received_ms: int
    chain: bytes
    receipt: str
    item: Item | None


class Table(Struct, frozen=True):
    """A table that follows from the log, read in pages by the key after the log's name.

    `following` is the page after a key of so many parts; a table of one row has no other page.
    """

    name: str
    first: str
    following: str = ""
    key_parts: int = 0


class Unreadable(ValueError):
    """An entry with a value of a type or length that this program does not write."""

    def __init__(self, pos: object) -> None:
        """Name it by what stands for its position."""
        super().__init__(f"entry {pos!r}: cannot be read")
