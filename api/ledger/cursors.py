"""Cursors over the log: position and chain, so that another history is recognised."""

import hashlib
from typing import Annotated, Final, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from sync.keys import decode_base64url, encode_base64url
from sync.messages import SAFE_INTEGER_MAX

T = TypeVar("T")
_SCOPE_BYTES: Final = 9
_TEXT_MAX: Final = 4096
#: A place in a log, as far as any database counts.
Position = Annotated[int, Meta(ge=0, le=SAFE_INTEGER_MAX)]
_Link = Annotated[str, Meta(max_length=64)]


class Cursor(Struct, frozen=True, omit_defaults=True):
    """Where a reader stands: scope hash, `{log: [pos, chain]}`, and the id a snapshot has reached.

    `after` is empty before the first id, None once the snapshot is complete.
    """

    s: Annotated[str, Meta(max_length=64)]
    p: Annotated[dict[str, tuple[Position, _Link]], Meta(max_length=1)]
    after: Annotated[str, Meta(max_length=36)] | None = None


def scope_hash(*parts: object) -> str:
    """Return what changes when a reader's scope does."""
    digest = hashlib.sha256(msgspec.json.encode(parts)).digest()
    return encode_base64url(digest[:_SCOPE_BYTES])


def write_cursor(cursor: Cursor) -> str:
    """Return the text that clients keep and never look into."""
    return encode_cursor(cursor)


def read_cursor(text: str) -> Cursor:
    """Return what a cursor says; raises ValueError when it is none."""
    cursor = decode_cursor(text, Cursor)
    if cursor.after:
        UUID(cursor.after)
    return cursor


def encode_cursor(content: object) -> str:
    """Return any cursor as text: the one way in which they are written."""
    return encode_base64url(msgspec.json.encode(content))


def decode_cursor(text: str, of: type[T]) -> T:
    """Return what any cursor says, bounded by its type; raises ValueError when it is none."""
    if len(text) > _TEXT_MAX:
        raise ValueError("too long for a cursor")
    try:
        return msgspec.json.decode(decode_base64url(text), type=of)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError("not this kind of cursor") from error
