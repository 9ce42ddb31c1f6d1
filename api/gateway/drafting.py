"""Makes drafts of requests: finds premises, revision and place that a program left out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from api.gateway.records import Draft
from api.gateway.rules import (
    MATCH_HEADER,
    hide,
    list_ids,
    may_see,
    normalise,
    reaches,
    read_tag,
    separate,
)
from api.ledger.records import Entity
from api.ledger.store import load_entities
from api.pledges import rules as pledges_rules
from api.premises import rules as premises_rules
from api.problems import NotFound, Refusal, Stale, Unprocessable
from api.register import Register
from api.sessions.records import Principal
from api.stays import rules as stays_rules
from sync.messages import FieldError

_PERSONAL: Final[dict[str, Mapping[str, type]]] = {
    "premises": premises_rules.DISCLOSURES,
    "stay": stays_rules.DISCLOSURES,
    "pledge": pledges_rules.DISCLOSURES,
}
_REFERS: Final = {
    "stay": ("premises_id",),
    "declaration": ("premises_id", "order_id"),
    "pledge": ("premises_id", "order_id"),
}


class Content(Struct, frozen=True):
    """One object of a program's JSON, the id its document gets, and where it stands."""

    values: Mapping[str, Any]
    key: UUID
    at: str = ""


class _Asked(Struct, frozen=True):
    register: Register
    principal: Principal


async def draft_new(
    register: Register, principal: Principal, kind: str, contents: Sequence[Content | Refusal]
) -> list[Draft | Refusal]:
    """Return a draft of a first revision for each content, or why it cannot be one."""
    readable = [content for content in contents if isinstance(content, Content)]
    named = list_ids([content.values.get("premises_id") for content in readable])
    async with register.engine.reading() as tx:
        found = await load_entities(tx, register.log, named)
    homes = {
        home.entity: home.place
        for home in found.values()
        if home.kind == "premises" and may_see(principal, home)
    }
    asked = _Asked(register, principal)
    return [_try_draft(asked, kind, content, homes) for content in contents]


def _try_draft(
    asked: _Asked, kind: str, content: Content | Refusal, homes: Mapping[UUID, str]
) -> Draft | Refusal:
    if isinstance(content, Refusal):
        return content
    try:
        body, disclosed = _separate(kind, content)
        return Draft(
            id=content.key,
            kind=kind,
            place=_find_place(asked, kind, body, homes, content.at),
            body={name: value for name, value in body.items() if name != "place"},
            disclosed=disclosed,
            after=list_ids([body.get(name) for name in _REFERS.get(kind, ())]),
            at=content.at,
        )
    except Refusal as refusal:
        return refusal


def _separate(kind: str, content: Content) -> tuple[dict[str, Any], dict[str, Mapping[str, Any]]]:
    """Return the body and the personal objects; raises Unprocessable, also for a number astray.

    A program can still put it right; once it is signed, its bytes hold it for good.
    """
    values = normalise(content.values)
    misplaced = stays_rules.list_misplaced(values, content.at) if kind == "stay" else ()
    if misplaced:
        raise Unprocessable("schema", errors=misplaced)
    return separate(values, _PERSONAL.get(kind, ()), content.at)


def _find_place(
    asked: _Asked, kind: str, body: Mapping[str, Any], homes: Mapping[UUID, str], at: str
) -> str:
    """Return the commune given, or that of the premises when they are in the caller's scope."""
    if "place" in body:
        return _check_place(asked, body["place"], at)
    if kind == "premises":
        raise _refuse(f"{at}/place", "field.required")
    named = list_ids([body.get("premises_id")])
    if not named:
        code = "field.value" if "premises_id" in body else "field.required"
        raise _refuse(f"{at}/premises_id", code)
    if named[0] not in homes:
        raise hide(f"{at}/premises_id")
    return homes[named[0]]


def _check_place(asked: _Asked, place: object, at: str = "") -> str:
    """Return a commune that the caller answers for; any other looks like one that is not there."""
    if not isinstance(place, str):
        raise _refuse(f"{at}/place", "field.type")
    register = asked.register
    known = register.places.by_id.get(place)
    if known is None or not reaches(asked.principal, place, register.log):
        raise hide(f"{at}/place")
    if known.level != "commune":
        raise _refuse(f"{at}/place", "field.value")
    return place


def _refuse(pointer: str, code: str) -> Unprocessable:
    return Unprocessable("schema", errors=(FieldError(pointer, code),))


async def draft_on(
    register: Register,
    principal: Principal,
    kind: str,
    target: tuple[str, UUID],
    content: Content,
    *,
    if_match: str | None,
) -> Draft:
    """Return a draft that corrects or ends the target `(kind, id)`; raises NotFound or Stale."""
    async with register.engine.reading() as tx:
        found = await load_entities(tx, register.log, [target[1]])
    entity = found.get(target[1])
    if entity is None or entity.kind != target[0] or not may_see(principal, entity):
        raise NotFound
    body, disclosed = _separate(kind, content)
    place = _check_place(_Asked(register, principal), body.pop("place", entity.place))
    if body.get("premises_id", str(entity.premises_id)) != str(entity.premises_id):
        raise _refuse("/premises_id", "field.value")
    base = _find_base(entity, if_match, is_required=kind == entity.kind)
    departure = entity.detail.departure if kind == "stay" else None
    return Draft(
        id=content.key,
        kind=kind,
        place=place,
        body=body,
        disclosed=disclosed,
        after=(base,) if departure is None else (base, departure.id),
        revises=(entity.entity, base),
        is_conditional=if_match is not None,
        is_stale=base != entity.revision,
    )


def _find_base(entity: Entity, if_match: str | None, *, is_required: bool) -> UUID:
    """Return the revision that the caller saw: a correction has to name it."""
    if if_match is None:
        if is_required:
            raise Stale(errors=(FieldError(MATCH_HEADER, "field.required"),))
        return entity.revision
    base = read_tag(if_match)
    if base is None:
        raise Stale(errors=(FieldError(MATCH_HEADER, "field.value"),))
    return base
