"""Ids as documents write them, apart from reading: one spelling each, and two that nothing has."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

NEVER_IDS: Final = frozenset({UUID(int=0), UUID(int=2**128 - 1)})
"""The nil and the max UUID (RFC 9562): programs write them for "none", so nothing is called so."""

_NEVER: Final = frozenset(map(str, NEVER_IDS))
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def find_bad_id(value: Mapping[str, Any]) -> str | None:
    """Return which field of a payload of the right types holds an id that cannot stand there.

    An id has one spelling, so that a document has one hash.
    """
    written: dict[str, list[str | None]] = {
        "id": [value["id"]],
        "entity": [value["entity"]],
        "base": [value["base"]],
        "resolves": value.get("resolves", []),
        "after": value["after"],
    }
    for name, ids in written.items():
        if any(id is not None and (id in _NEVER or not _ID.fullmatch(id)) for id in ids):
            return name
    return None
