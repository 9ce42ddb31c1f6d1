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
    """A table that follows from the log, read in pages by the key after the log's name."""

    name: str
    page: str
    first: tuple[str | bytes | int, ...]
