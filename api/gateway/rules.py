"""What a program's JSON becomes before it is signed, and whether it was sent before: pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from api.facts.values import fold_digits
from api.gateway.records import Draft, Earlier
from api.ledger.records import Entity
from api.problems import IdempotencyRequired, NotAllowed, NotFound, Refusal, Stale, Unprocessable
from api.sessions.records import Principal
from sync.custody import Fault
from sync.messages import FieldError

OURS: Final = ("attested_by", "on_behalf_of")
KEY_HEADER: Final = "/headers/idempotency-key"
MATCH_HEADER: Final = "/headers/if-match"
_UUID: Final = "([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})"
_KEY: Final = re.compile(f'{_UUID}|"{_UUID}"')
_TAG: Final = re.compile(f'"{_UUID}(?:[.][0-9a-f]+)?"')
_STATUSES: Final[dict[str, type[Refusal]]] = {"not-allowed": NotAllowed, "stale": Stale}


def read_key(text: object, at: str = KEY_HEADER) -> UUID:
    """Return the id that a document gets; raises IdempotencyRequired unless it is a UUID."""
    match = _KEY.fullmatch(text) if isinstance(text, str) else None
    key = UUID(match.group(1) or match.group(2)) if match else None
    if key is None or key.version is None:
        raise IdempotencyRequired(errors=(FieldError(at, "field.value"),))
    return key


def read_tag(if_match: str) -> UUID | None:
    """Return the revision that an If-Match header names, or None: one strong ETag of ours.

    Reads tag `"<revision>.<digest of the answer>"`, writes `"<revision>"`.
    """
    match = _TAG.fullmatch(if_match.strip())
    return UUID(match.group(1)) if match else None


def may_see(principal: Principal, entity: Entity) -> bool:
    """Say whether an entity is in the communes of a program or officer, or an owner's own."""
    if principal.role == "owner":
        return entity.author == principal.account_id
    return reaches(principal, entity.place, entity.log)


def reaches(principal: Principal, place: str, log: str) -> bool:
    """Say whether a place is one that a program or officer answers for."""
    return place in principal.places or log in principal.places


def hide(pointer: str) -> NotFound:
    """Return the refusal of what a field names and what, to this caller, is not there."""
    return NotFound(errors=(FieldError(pointer, "field.value"),))


def normalise(value: Any) -> Any:
    """Return JSON with its texts in NFC, as they are signed; names stay as they are.

    Dates (`…_on`) may be written in Khmer or full-width digits, and are signed in ours.
    """
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case list():
            return [normalise(part) for part in cast("list[Any]", value)]
        case dict():
            parts = cast("dict[str, Any]", value)
            return {name: _normalise_part(name, part) for name, part in parts.items()}
        case _:
            return value


def _normalise_part(name: str, part: Any) -> Any:
    part = normalise(part)
    return fold_digits(part) if name.endswith("_on") and isinstance(part, str) else part


def separate(
    content: Mapping[str, Any], names: Iterable[str], at: str = ""
) -> tuple[dict[str, Any], dict[str, Mapping[str, Any]]]:
    """Return the body and the personal objects that travel beside it.

    Raises Unprocessable for a personal value that is no object and for what only we say.
    """
    personal = [name for name in names if content.get(name) is not None]
    errors = [
        FieldError(f"{at}/{name}", "field.type")
        for name in personal
        if not isinstance(content[name], dict)
    ]
    errors += [FieldError(f"{at}/{name}", "field.unknown-name") for name in OURS if name in content]
    if errors:
        raise Unprocessable("schema", errors=tuple(errors))
    body = {name: value for name, value in content.items() if name not in personal}
    return body, {name: content[name] for name in personal}


def take_down(pledge: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pledge as it was signed on paper: before a witness, and unlocked by nothing.

    Raises Unprocessable when nobody witnessed it, or when it says that a phone unlocked it.
    """
    signer = pledge.get("identity")
    named: object = cast("dict[str, Any]", signer).get("witness") if isinstance(signer, dict) else 0
    if named is None or named == "":
        raise Unprocessable("schema", errors=(FieldError("/identity/witness", "field.required"),))
    if pledge.get("unlocked_by", "none") != "none":
        raise Unprocessable("schema", errors=(FieldError("/unlocked_by", "field.value"),))
    return {**pledge, "unlocked_by": "none"}


def list_ids(values: Sequence[object]) -> tuple[UUID, ...]:
    """Return the values that are ids, each once."""
    texts = [value for value in values if isinstance(value, str)]
    return tuple(dict.fromkeys(UUID(text) for text in texts if re.fullmatch(_UUID, text)))


def is_same(draft: Draft, earlier: Earlier) -> bool:
    """Say whether a draft says what an earlier document says; time, count and salts aside.

    What was erased since cannot be compared: there the name alone has to agree.
    """
    kept = {name: value for name, value in earlier.body.items() if name not in draft.disclosed}
    return (
        (draft.kind, draft.entity, draft.place) == (earlier.kind, earlier.entity, earlier.place)
        and (not draft.is_conditional or draft.revises == (earlier.entity, earlier.base))
        and kept == draft.body
        and all(name in earlier.body for name in draft.disclosed)
        and all(earlier.disclosed.get(name, of) == of for name, of in draft.disclosed.items())
    )


def is_same_draft(draft: Draft, other: Draft) -> bool:
    """Say whether two drafts of one request say the same."""
    return (draft.body, draft.disclosed, draft.place) == (other.body, other.disclosed, other.place)


def refuse(draft: Draft, fault: Fault) -> Refusal:
    """Return the refusal of a fault, with pointers into the caller's JSON."""
    errors = tuple(FieldError(point(draft, one.pointer), one.code) for one in fault.errors)
    if fault.code == "not-allowed" and draft.revises is None and "premises_id" in draft.body:
        # The place is the caller's own: what is new there is refused only at premises elsewhere.
        return hide(f"{draft.at}/premises_id")
    of = _STATUSES.get(fault.code)
    if of is not None:
        return of(errors=errors, details=fault.details)
    return Unprocessable(fault.code, errors=errors, details=fault.details)


def point(draft: Draft, pointer: str) -> str:
    """Translate a pointer into a document to one into the caller's JSON."""
    _, part, rest = (*pointer.split("/", 2), "", "")[:3]
    match part:
        case "body" | "disclosures" if rest:
            return f"{draft.at}/{rest}"
        case "place":
            return f"{draft.at}/place"
        case "base":
            return MATCH_HEADER
        case _:
            return draft.at
