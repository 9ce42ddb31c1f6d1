"""Takes a push apart without reading its items, so that one bad item never refuses the others."""

import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw, Struct

from api.problems import Malformed, TooLarge
from sync.document import Refused, check_json
from sync.messages import PUSH_ITEMS_MAX, FieldError

_SPACE: Final = b" \t\r\n"
_STRING: Final = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_TOKEN: Final = re.compile(_STRING + rb'|[][{},"]', re.DOTALL)
_NAME: Final = re.compile(rb"\s*(" + _STRING + rb")\s*:", re.DOTALL)
_DEPTHS: Final = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}
_BARE: Final = (b'{"items":[', b"]}")


class _Frame(Struct, frozen=True):
    items: list[Raw]


def read_frame(body: bytes) -> list[Raw]:
    """Return the items of a push unread; raises Malformed when the frame is not `{items: […]}`.

    The fast way suits what our clients send: nothing but sound items. Everything else is split by
    its brackets, as an item may hold strings that no parser takes.
    """
    try:
        items = msgspec.json.decode(body, type=_Frame).items
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _split_frame(body)
    return items if _is_bare(body, items) else _split_frame(body)


def _is_bare(body: bytes, items: list[Raw]) -> bool:
    """Say whether the frame holds its items and nothing else, not even a space."""
    size = sum(len(memoryview(item)) for item in items)
    frame = sum(map(len, _BARE)) + max(len(items) - 1, 0)
    return body.startswith(_BARE[0]) and len(body) == frame + size


def _split_frame(body: bytes) -> list[Raw]:
    if body.strip(_SPACE)[:1] != b"{":
        raise Malformed(errors=(FieldError("", "field.type"),))
    members: dict[str, bytes] = {}
    for part in _split(body, b"{}"):
        name, value = _read_member(part)
        if name in members:
            raise Malformed
        members[name] = value
    if "items" not in members:
        raise Malformed(errors=(FieldError("/items", "field.required"),))
    if members["items"].strip(_SPACE)[:1] != b"[":
        raise Malformed(errors=(FieldError("/items", "field.type"),))
    return [Raw(item) for item in _split(members["items"], b"[]")]


def _read_member(part: bytes) -> tuple[str, bytes]:
    """Return name and value; raises Malformed when either is unsound, but for the items."""
    found = _NAME.match(part)
    if found is None:
        raise Malformed
    try:
        name, value = json.loads(found[1]), part[found.end() :]
        if name != "items":
            check_json(value.decode())
    except (ValueError, Refused) as error:
        raise Malformed from error
    return name, value


def _split(text: bytes, brackets: bytes) -> list[bytes]:
    """Return what stands between commas inside a pair of brackets."""
    text = text.strip(_SPACE)
    if text[:1] + text[-1:] != brackets:
        raise Malformed
    parts: list[bytes] = []
    start = 1
    for comma in _list_commas(text):
        parts.append(text[start:comma].strip(_SPACE))
        start = comma + 1
        if len(parts) > PUSH_ITEMS_MAX:
            raise TooLarge
    parts.append(text[start:-1].strip(_SPACE))
    if parts == [b""]:
        return []
    if b"" in parts:
        raise Malformed
    return parts


def _list_commas(text: bytes) -> Iterator[int]:
    """Return where commas stand directly inside the outermost brackets."""
    depth = 0
    for token in _TOKEN.finditer(text):
        depth += _DEPTHS.get(token[0], 0)
        if token[0] == b'"' or (depth < 1 and token.end() < len(text)):
            raise Malformed
        if token[0] == b"," and depth == 1:
            yield token.start()
    if depth:
        raise Malformed
