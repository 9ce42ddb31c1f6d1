"""Says where an item is wrong that is none: apart, so that reading good ones stays short."""

from typing import Any, Final, cast, get_type_hints

import msgspec

from sync.messages import Disclosure, FieldError, Item, Name

_DISCLOSURES: Final = "disclosures"
_PARTS: Final = {
    name: form
    for name, form in get_type_hints(Item, include_extras=True).items()
    if name != _DISCLOSURES
}


def find_unreadable(data: bytes | msgspec.Raw) -> tuple[FieldError, ...]:
    """Point at the parts that are missing or of another form; at the whole when it is no object."""
    try:
        given = msgspec.json.decode(data, type=dict[str, Any])
    except msgspec.ValidationError:
        return (FieldError("", "field.type"),)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return (FieldError("", "field.value"),)
    found = {name: _find_fault(given.get(name), form) for name, form in _PARTS.items()}
    errors = [FieldError(f"/{name}", code) for name, code in found.items() if code]
    return (*errors, *_find_bad_disclosures(given.get(_DISCLOSURES)))


def _find_fault(part: object, form: object) -> str | None:
    if part is None:
        return "field.required"
    if not isinstance(part, str):
        return "field.type"
    return None if _is(part, form) else "field.too-long"


def _find_bad_disclosures(disclosures: object) -> list[FieldError]:
    """Point at those that are no text of the allowed size under a name of it."""
    if disclosures is None:
        return []
    if not isinstance(disclosures, dict):
        return [FieldError(f"/{_DISCLOSURES}", "field.type")]
    given = cast("dict[str, Any]", disclosures)
    return [
        FieldError(f"/{_DISCLOSURES}/{name}", "field.value")
        for name, text in given.items()
        if not _is({name: text}, dict[Name, Disclosure])
    ]


def _is(value: object, form: Any) -> bool:
    try:
        msgspec.convert(value, form)
    except msgspec.ValidationError:
        return False
    return True
