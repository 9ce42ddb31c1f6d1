"""Reads bodies and disclosures into Structs and says where they are wrong, never a value."""

from collections.abc import Iterator
from typing import Any, Final, TypeVar, cast

import msgspec

from api.facts.values import find_text_fault, is_nfc
from sync.custody import Fault
from sync.locating import escape_step, locate
from sync.messages import FieldError

T = TypeVar("T")
_REMARKS: Final = "/disclosures/remarks"


def read_struct(values: Any, of: type[T], at: str) -> T | FieldError:
    """Convert decoded JSON into a Struct or say what is wrong; `at` points to `values`."""
    try:
        return msgspec.convert(values, of)
    except msgspec.ValidationError as error:
        return locate(error, at)


def check_texts(values: Any, at: str, text: str) -> tuple[FieldError, ...]:
    """Return where texts are not NFC or hold control or bidi-override characters.

    `text` is the JSON that `values` was read from: mostly it is clean, and then nothing is walked.
    """
    if "\\" not in text and _is_clean(text, lines=True):
        return ()
    return tuple(
        FieldError(pointer, "field.text")
        for pointer, part in _list_texts(values, at)
        if not _is_clean(part, lines=at == _REMARKS)
    )


def _is_clean(text: str, *, lines: bool) -> bool:
    return is_nfc(text) and find_text_fault(text, lines=lines) is None


def schema_fault(errors: tuple[FieldError, ...]) -> Fault | None:
    """Return the fault for these errors, or None when there are none."""
    return Fault("schema", errors) if errors else None


def _list_texts(values: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(values, str):
        yield at, values
    elif isinstance(values, dict):
        for name, value in cast("dict[str, Any]", values).items():
            yield from _list_texts(name, f"{at}/{escape_step(name)}")
            yield from _list_texts(value, f"{at}/{escape_step(name)}")
    elif isinstance(values, list):
        for index, value in enumerate(cast("list[Any]", values)):
            yield from _list_texts(value, f"{at}/{index}")
