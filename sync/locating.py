"""Turns what msgspec says of JSON of another form into a pointer and a code; never the value."""

import re
from typing import Final

from msgspec import ValidationError

from sync.messages import FieldError

_PATH: Final = re.compile(r" - at `(?:key in )?\$([^`]*)`$")
_STEP: Final = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_FIELD: Final = re.compile(r"`([^`]+)`")
_CODES: Final = (
    ("missing required field", "field.required"),
    ("length <=", "field.too-long"),
    ("length >=", "field.too-short"),
    ("<=", "field.too-large"),
    (">=", "field.too-small"),
    ("Invalid enum value", "field.value"),
    ("Invalid UUID", "field.value"),
    ("matching regex", "field.value"),
    ("Expected", "field.type"),
)


def locate(error: ValidationError, at: str) -> FieldError:
    """Translate a message: its path becomes a pointer below `at`, its complaint a code."""
    message = str(error)
    path = _PATH.search(message)
    steps = _STEP.finditer(path.group(1)) if path else iter(())
    pointer = at + "".join(f"/{escape_step(step.group(1) or step.group(2))}" for step in steps)
    complaint = message[: path.start()] if path else message
    code = next((code for part, code in _CODES if part in complaint), "field.value")
    if code == "field.required" and (field := _FIELD.search(complaint)):
        pointer = f"{pointer}/{escape_step(field.group(1))}"
    return FieldError(pointer, code)


def escape_step(name: str) -> str:
    """Return a name as a step of a pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
