"""Opens body and disclosures, and says what is wrong before any database is asked."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from api.intake.kinds import Kind
from api.ledger.bodies import check_texts, read_struct
from sync.document import Document
from sync.ids import NEVER_IDS
from sync.messages import FieldError

#: What judges or ends an entity says little.
ACT_BYTES_MAX: Final = 8 * 1024
#: A remark of 4,000 letters, escaped; a drawn signature may be as long as a payload.
DISCLOSURE_BYTES_MAX: Final = 32 * 1024
DISCLOSURE_FIELDS_MAX: Final = 32
_DRAWN: Final = "signature"


def read(
    document: Document, kind: Kind, body: dict[str, Any]
) -> tuple[object, dict[str, Any], tuple[FieldError, ...]]:
    """Read body and disclosures; a correction's body is a patch, checked when merged."""
    opened = document.disclosed
    errors = list(_check_sizes(document, kind, opened))
    disclosed: dict[str, Any] = {}
    texts = document.item.disclosures or {}
    for name, values in opened.items():
        of = kind.disclosures.get(name)
        if of is None:
            errors.append(FieldError(f"/disclosures/{name}", "field.unknown-name"))
            continue
        errors += check_texts(values, f"/disclosures/{name}", texts[name])
        value = read_struct(values, of, f"/disclosures/{name}")
        if isinstance(value, FieldError):
            errors.append(value)
        else:
            disclosed[name] = value
    if document.payload.base is not None and not kind.acts_on:
        return None, disclosed, tuple(errors)
    record = read_struct(body, kind.body, "/body")
    if isinstance(record, FieldError):
        return None, disclosed, (*errors, record)
    return record, disclosed, (*errors, *kind.check(record, disclosed))


def _check_sizes(
    document: Document, kind: Kind, opened: Mapping[str, Mapping[str, Any]]
) -> Iterator[FieldError]:
    """Name what is longer than anybody has to say there: unknown fields are kept, not piled up."""
    if kind.acts_on and len(bytes(document.payload.body)) > ACT_BYTES_MAX:
        yield FieldError("/body", "field.too-long")
    for name, text in (document.item.disclosures or {}).items():
        is_long = name != _DRAWN and len(text.encode()) > DISCLOSURE_BYTES_MAX
        if is_long or len(opened[name]) > DISCLOSURE_FIELDS_MAX:
            yield FieldError(f"/disclosures/{name}", "field.too-long")


def check_links(document: Document, kind: Kind, body: dict[str, Any]) -> tuple[FieldError, ...]:
    """Check what the document says it begins, corrects, acts on and refers to."""
    payload = document.payload
    errors = [
        FieldError(f"/body/{name}", "field.value")
        for name in kind.refers
        if read_id(body.get(name)) in NEVER_IDS
    ]
    is_own = payload.entity == payload.id
    if is_own != (payload.base is None and not kind.acts_on):
        errors.append(FieldError("/entity", "field.value"))
    if payload.base is not None and not (kind.acts_on or kind.is_corrected):
        errors.append(FieldError("/base", "field.value"))
    if kind.acts_on and payload.base is None:
        errors.append(FieldError("/base", "field.required"))
    if payload.id in (*payload.after, payload.base):
        errors.append(FieldError("/after", "field.value"))
    return tuple(errors)


def list_references(document: Document, kind: Kind, body: dict[str, Any]) -> tuple[UUID, ...]:
    """Return what must be in the log first: named in the body, the base, and the entity itself."""
    payload = document.payload
    named = [read_id(body.get(name)) for name in kind.refers]
    if payload.base is not None:
        named += [payload.base, payload.entity]
    return tuple(dict.fromkeys(found for found in named if found is not None))


def read_id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
