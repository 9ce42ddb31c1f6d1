"""From an entity and what was loaded with its page to the facts that its marks rest on: pure.

An owner or program is shown the dates of its own entries and nothing that rests on other premises.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, cast

from msgspec.structs import replace

from api.access import Role
from api.ledger.records import Entity
from api.marks.records import Declared, Mark, PremisesFacts, Shared, Side, StayFacts
from api.marks.rules import premises_marks, stay_marks, visible_marks
from api.orders.rules import day_of, declared_until, due_at
from api.views.records import Opened, Reader
from sync.document import open_disclosure
from sync.instants import write_instant

SIDES: Final[dict[Role, Side]] = {
    "officer": "police",
    "district": "police",
    "province": "police",
    "node": "police",
    "desk": "desk",
}
_OF_AN_OWNER: Final = ("visa_expired", "visa_expires", "permit_expired", "permit_expires")
_OVER: Final = ("withdrawn", "superseded", "duplicate_of")


def side_of(role: Role) -> Side:
    """Return whose marks a role is shown; anybody who is not police or desk sees an owner's."""
    return SIDES.get(role, "owner")


def marks_of(reader: Reader, entity: Entity, opened: Opened) -> tuple[Mark, ...]:
    """Return the marks that a reader may see today; an entity that is over has none."""
    if entity.effect in _OVER:
        return ()
    side = side_of(reader.role)
    today = date.fromisoformat(day_of(reader.now_ms))
    match entity.kind:
        case "stay":
            marks = stay_marks(_stay_facts(entity, opened, side), today)
        case "premises" | "declaration" | "pledge":
            marks = premises_marks(_premises_facts(entity, opened))
        case _:
            return ()
    if side == "owner":
        return tuple(mark for mark in marks if mark.code in _OF_AN_OWNER)
    return visible_marks(marks, side)


def _stay_facts(entity: Entity, opened: Opened, side: Side) -> StayFacts:
    body, around = entity.body, opened.surroundings
    mrz = _object(body, "mrz")
    visa, permit = _object(body, "visa"), _object(_object(body, "work"), "permit")
    # Birth dates serve one mark, which the desk alone is shown.
    identity = _disclosed(entity, opened, "identity" if side == "desk" else None)
    move = around.moves.get(entity.entity)
    departure, year = entity.detail.departure, permit.get("year")
    covering, received_on = opened.covering[entity.place], day_of(entity.received_ms)
    return StayFacts(
        premises_id=str(entity.premises_id),
        received_at=write_instant(entity.received_ms),
        due_at=due_at(covering, body["arrived_on"], received_on),
        author_state=_state(entity, opened),
        role=body["role"],
        arrived_on=body["arrived_on"],
        left_on=departure.left_on if departure else None,
        left_on_before=entity.detail.left_on_before,
        visa_class=visa.get("class", "unknown"),
        visa_expires_on=visa.get("expires_on"),
        permit_state=permit.get("state"),
        permit_year=year if isinstance(year, int) else None,
        document_holder=body["document_holder"],
        mrz_failing=tuple(mrz.get("failing", ())),
        mrz_repaired=bool(mrz.get("repaired")),
        born_on=identity.get("born_on"),
        guardian_is_named=bool(identity.get("guardian")),
        linked=around.linked.get(entity.entity, ()),
        withheld=entity.detail.withheld,
        skew_minutes=entity.detail.skew_minutes,
        moved_from=None if move is None else str(move.premises_id),
        moved_count=0 if move is None else move.count,
        key_ended_as=around.ended.get(entity.entity),
        shared=around.shared.get(entity.entity, Shared()),
    )


def _premises_facts(entity: Entity, opened: Opened) -> PremisesFacts:
    own = PremisesFacts(
        author_state=_state(entity, opened),
        withheld=entity.detail.withheld,
        skew_minutes=entity.detail.skew_minutes,
        key_ended_as=opened.surroundings.ended.get(entity.entity),
    )
    declared = _find_declared(entity, opened)
    if declared is None:
        return own
    orders = opened.surroundings.orders
    due = (declared_until(known.order) for known in orders if known.id == declared.order_id)
    return replace(
        own,
        due_at=next(due, None),
        declared_at=write_instant(declared.received_ms),
        declared_count=declared.count,
        found_count=declared.found_count,
    )


def _find_declared(entity: Entity, opened: Opened) -> Declared | None:
    around = opened.surroundings
    declaration_id = (
        entity.entity if entity.kind == "declaration" else around.latest.get(entity.entity)
    )
    return None if declaration_id is None else around.declared.get(declaration_id)


def _state(entity: Entity, opened: Opened) -> Any:
    return opened.author_states.get(entity.author, "unverified")


def _disclosed(entity: Entity, opened: Opened, name: str | None) -> Mapping[str, Any]:
    holder = entity.detail.disclosed.get(name) if name else None
    text = opened.disclosures.get(holder, {}).get(name) if name and holder else None
    return open_disclosure(text) if text else {}


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object in a body; where the declarer knew nothing stands a text or nothing."""
    value = body.get(name)
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
