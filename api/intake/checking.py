"""Whether a document contradicts what it refers to: kinds, bases, merged corrections."""

from typing import Final
from uuid import UUID

import msgspec

from api.intake.kinds import KINDS, Kind
from api.intake.reading import read_id
from api.intake.workspace import Workspace
from api.ledger import effects
from api.ledger.bodies import read_struct, schema_fault
from api.ledger.records import Entity, Prepared
from api.pledges import rules as pledges_rules
from api.pledges.records import Pledge
from api.review.records import Review
from api.stays import rules as stays_rules
from api.stays.records import Departure
from sync.custody import Fault
from sync.messages import FieldError

_REFERENCE_KINDS: Final = {"premises_id": "premises", "order_id": "order", "account_id": "account"}


def check(work: Workspace, prepared: Prepared, *, drafts_may_be_signed: bool) -> Fault | None:
    """Return why the document contradicts what it refers to, or None."""
    payload = prepared.document.payload
    kind = KINDS[payload.kind]
    for name in kind.refers:
        if _names_wrong_kind(work, name, prepared.body.get(name)):
            return Fault("schema", (FieldError(f"/body/{name}", "field.value"),))
    if payload.base is not None:
        return _check_base(work, prepared, kind, payload.base)
    if isinstance(prepared.record, Pledge):
        return pledges_rules.contradicts(
            prepared.record, work.texts, drafts_may_be_signed=drafts_may_be_signed
        )
    return None


def check_values(work: Workspace, prepared: Prepared) -> Fault | None:
    """Return why values that came after their document are not what its kind asks for, or None.

    The document stands: how much its entity holds, or what became of it since, is not asked again.
    """
    payload, kind = prepared.document.payload, KINDS[prepared.document.payload.kind]
    if prepared.fault is not None or payload.base is None or kind.acts_on:
        return prepared.fault
    return _check_correction(work, prepared, kind, payload.base)


def _check_base(work: Workspace, prepared: Prepared, kind: Kind, base: UUID) -> Fault | None:
    """Check what acts on or corrects an entity: it exists, has that base and kind."""
    payload = prepared.document.payload
    entity = work.entities.get(payload.entity)
    if entity is None or base not in work.bodies.get(payload.entity, {}):
        return Fault("schema", (FieldError("/base", "field.value"),))
    if entity.kind not in (kind.acts_on or (payload.kind,)):
        return Fault("schema", (FieldError("/entity", "field.value"),))
    return _check_act(entity, work, prepared, kind)


def _check_act(entity: Entity, work: Workspace, prepared: Prepared, kind: Kind) -> Fault | None:
    """Check what it does to the entity: there is room for it, and its days do not contradict."""
    base = prepared.document.payload.base
    assert base is not None
    if _is_full(entity, prepared, kind, base):
        return Fault("entry.full")
    if not kind.acts_on:
        return _check_correction(work, prepared, kind, base) or _check_order(entity, work, prepared)
    if not isinstance(prepared.record, Departure):
        return None
    seen = effects.body_of(base, work.bodies[entity.entity])
    return stays_rules.contradicts(prepared.record, seen)


def _check_order(entity: Entity, work: Workspace, prepared: Prepared) -> Fault | None:
    """Check that whoever left did not arrive later, as far as the corrector knew of the departure.

    What somebody else said meanwhile decides nothing about what is taken.
    """
    departure, payload = entity.detail.departure, prepared.document.payload
    base = payload.base
    if departure is None or base is None or departure.id not in payload.after:
        return None
    body = effects.merge_patch(effects.body_of(base, work.bodies[entity.entity]), prepared.body)
    return stays_rules.contradicts_departure(str(body.get("arrived_on")), departure.left_on)


def _is_full(entity: Entity, prepared: Prepared, kind: Kind, base: UUID) -> bool:
    """Say whether the entity has no room for it; for what ends it anew there always is."""
    if isinstance(prepared.record, Review):
        return effects.is_judged(entity, base, prepared.record.verdict)
    if effects.ends_anew(entity, prepared.document.payload.kind):
        return False
    return effects.is_full(entity, is_ending=bool(kind.acts_on))


def _names_wrong_kind(work: Workspace, name: str, value: object) -> bool:
    found = read_id(value)
    wanted = _REFERENCE_KINDS.get(name)
    if found is None or wanted is None:
        return False
    entity = work.entities.get(found)
    return entity is None or entity.kind != wanted


def _check_correction(work: Workspace, prepared: Prepared, kind: Kind, base: UUID) -> Fault | None:
    """Check the merged body of a correction against the schema of its kind."""
    payload = prepared.document.payload
    seen = effects.body_of(base, work.bodies[payload.entity])
    body = effects.merge_patch(seen, prepared.body)
    if len(msgspec.json.encode(body)) > effects.BODY_BYTES_MAX:
        return Fault("entry.too-large")
    record = read_struct(body, kind.body, "/body")
    if isinstance(record, FieldError):
        return Fault("schema", (record,))
    fixed = [name for name in kind.refers if body.get(name) != seen.get(name)]
    errors = tuple(FieldError(f"/body/{name}", "field.value") for name in fixed)
    return schema_fault((*errors, *kind.check(record, prepared.disclosed)))
