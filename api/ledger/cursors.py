"""Cursors over the log: position and chain, so that another history is recognised."""

import hashlib
from typing import Final

import msgspec
from msgspec import Struct

from sync.keys import decode_base64url, encode_base64url

_SCOPE_BYTES: Final = 9


class Cursor(Struct, frozen=True, omit_defaults=True):
    """Where a reader stands: scope hash, `{log: [pos, chain]}`, and the id a snapshot has reached.

    `after` is empty before the first id, None once the snapshot is complete.
    """

    s: str
    p: dict[str, tuple[int, str]]
    after: str | None = None


def scope_hash(*parts: object) -> str:
    """Return what changes when a reader's scope does."""
    digest = hashlib.sha256(msgspec.json.encode(parts)).digest()
    return encode_base64url(digest[:_SCOPE_BYTES])


def write_cursor(cursor: Cursor) -> str:
    """Return the text that clients keep and never look into."""
    return encode_base64url(msgspec.json.encode(cursor))


def read_cursor(text: str) -> Cursor:
    """Return what a cursor says; raises ValueError when it is none."""
    return msgspec.json.decode(decode_base64url(text), type=Cursor)
