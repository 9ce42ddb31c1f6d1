"""JSON that every parser reads alike: apart, because it must hold before anything is decoded."""

import json
import re
from collections.abc import Callable
from math import isfinite
from typing import Any, Final, Never

import msgspec

from sync.messages import SAFE_INTEGER_MAX

_SURROGATE: Final = "\\ud"
# One pattern for each sign before a number: one for all of them takes longer than decoding.
_AFTER_COLON: Final = re.compile(":-?[0-9]{16}")
_AFTER_COMMA: Final = re.compile(",-?[0-9]{16}")
_IN_ARRAY: Final = re.compile(r"\[-?[0-9]{16}")
_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder().decode


def read_json(text: str, depth_max: int) -> Any:
    """Return the value of a JSON text; raises ValueError for what two parsers could read apart.

    That is: nesting deeper than `depth_max`, duplicate keys, integers beyond 2^53, numbers that are
    not finite, and lone surrogates.
    """
    if text.count("{") + text.count("[") > depth_max:
        _check_depth(text, depth_max)
    try:
        value = _decode(text)
        # What comes back as it was has no key twice, no odd number, no half character.
        if _encode(value) == text.encode() and not _may_hold_long_numbers(text):
            return value
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pass
    return _read_slowly(text)


def _may_hold_long_numbers(text: str) -> bool:
    if text[:1] not in ("{", "["):
        return True
    found = _AFTER_COLON.search(text) or _AFTER_COMMA.search(text) or _IN_ARRAY.search(text)
    return found is not None


def _read_slowly(text: str) -> Any:
    try:
        value = json.loads(
            text,
            object_pairs_hook=_read_object,
            parse_int=_read_integer,
            parse_float=_read_float,
            parse_constant=_refuse_number,
        )
        if _SURROGATE in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value


def _check_depth(text: str, depth_max: int) -> None:
    depth = 0
    step: Callable[[str], int] = {"{": 1, "[": 1, "}": -1, "]": -1}.__getitem__
    for character in _without_strings(text):
        depth += step(character)
        if depth > depth_max:
            raise ValueError("nested too deeply")


def _without_strings(text: str) -> str:
    outside = text.replace("\\\\", "").replace('\\"', "").split('"')[::2]
    return "".join(character for part in outside for character in part if character in "{}[]")


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate key")
    return value


def _read_integer(digits: str) -> int:
    value = int(digits) if len(digits) <= len(str(SAFE_INTEGER_MAX)) + 1 else SAFE_INTEGER_MAX + 1
    if abs(value) > SAFE_INTEGER_MAX:
        raise ValueError("integer beyond 2^53")
    return value


def _read_float(digits: str) -> float:
    value = float(digits)
    return value if isfinite(value) else _refuse_number(digits)


def _refuse_number(digits: str) -> Never:
    raise ValueError(digits)
