"""Reads what the operator typed, and lets a demonstration keep its own time: pure."""

import hmac
import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Final

import msgspec

from api.facts.dates import is_full_date
from api.setup.records import FirstSteps

_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 12
_GROUP: Final = 4
FIELDS: Final = (
    "operator",
    "contact",
    "legal_basis",
    "place",
    "order_id",
    "approved_by",
    "approved_on",
)


def shift(clock: Callable[[], int], offset_ms: int) -> Callable[[], int]:
    """Return a clock that runs as another does, but ahead of it or behind."""
    return (lambda: clock() + offset_ms) if offset_ms else clock


def make_code() -> str:
    """Return a code that opens the set-up page, shown on the terminal only."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    return "-".join(letters[n : n + _GROUP] for n in range(0, _CODE_LENGTH, _GROUP))


def opens(code: str, typed: str) -> bool:
    """Say whether what was typed is the code; no code, no door."""
    bare = typed.upper().replace("-", "").replace(" ", "")
    return bool(code) and hmac.compare_digest(code.replace("-", "").encode(), bare.encode())


def read_form(form: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that were filled in, without what surrounds them."""
    typed = {name: form.get(name, "").strip() for name in FIELDS}
    return {name: value for name, value in typed.items() if value}


def find_wrong(
    values: Mapping[str, str], communes: Collection[str], orders: Collection[str]
) -> list[str]:
    """Return the fields that are missing or wrong, in the order of the form."""
    wrong = {name for name in FIELDS if not _holds(name, values)}
    if values.get("place", "") not in communes:
        wrong.add("place")
    if values.get("order_id", "") not in orders:
        wrong.add("order_id")
    if ("approved_by" in values) != ("approved_on" in values):
        wrong |= {"approved_by", "approved_on"} - set(values)
    if not is_full_date(values.get("approved_on", "2000-01-01")):
        wrong.add("approved_on")
    return [name for name in FIELDS if name in wrong]


def _holds(name: str, values: Mapping[str, str]) -> bool:
    """Check one field by itself, with good ones in the place of the others."""
    others = {
        "operator": "x",
        "contact": "x",
        "legal_basis": "x",
        "place": "x",
        "order_id": "00000000-0000-0000-0000-000000000000",
    }
    others.pop(name, None)
    given = {name: values[name]} if name in values else {}
    try:
        msgspec.convert({**others, **given}, FirstSteps)
    except msgspec.ValidationError:
        return False
    return True
