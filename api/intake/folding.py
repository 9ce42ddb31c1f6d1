"""Folds one entry into the workspace: the entity's lifecycle, then the rows of its slice."""

from uuid import UUID

import msgspec

from api.accounts import rules as accounts_rules
from api.accounts.records import Account, Grant, Revocation, Verification
from api.declarations import rules as declarations_rules
from api.declarations.records import Declaration
from api.intake import twins
from api.intake.kinds import KINDS, Kind
from api.intake.workspace import Workspace
from api.ledger import effects
from api.ledger.records import Ending, Entity, Entry, Prepared
from api.pledges import rules as pledges_rules
from api.pledges.records import Pledge, PledgeText
from api.premises import rules as premises_rules
from api.premises.records import Premises
from api.quarantine import rules as quarantine_rules
from api.quarantine.records import Adoption
from api.review.records import Review, Withdrawal
from api.stays import rules as stays_rules
from api.stays.records import Departure, Stay


def fold(work: Workspace, entry: Entry) -> None:
    """Change the workspace as the document says."""
    payload = entry.document.payload
    kind = KINDS[payload.kind]
    entity, row = work.entities.get(payload.entity), work.stays.get(payload.entity)
    if kind.acts_on and entity is not None:
        _act(work, entry, entity)
    else:
        _revise(work, entry, kind, entity)
    if payload.entity in work.stays:
        twins.pair(work, payload.entity, row)


def _revise(work: Workspace, entry: Entry, kind: Kind, entity: Entity | None) -> None:
    """Fold a first revision or a correction."""
    payload = entry.document.payload
    revisions = work.bodies.setdefault(payload.entity, {})
    revisions[payload.id] = (payload.base, entry.prepared.body)
    if payload.base is None or entity is None:
        _begin(work, entry)
        return
    body = effects.body_of(payload.id, revisions)
    revisions[payload.id] = (None, body)
    entity = effects.amend(entity, entry, body)
    work.entities.put(entity.entity, entity)
    if entity.revision == payload.id:
        _project(work, entry, entity, msgspec.convert(body, kind.body))


def _begin(work: Workspace, entry: Entry) -> None:
    payload = entry.document.payload
    effect = "pending" if KINDS[payload.kind].is_reviewed else "applied"
    entity = effects.begin(entry, premises_id=_find_home(entry), effect=effect)
    accounts_rules.count_written(work.rights, entry.author, payload.kind)
    work.entities.put(entity.entity, entity)
    _project(work, entry, entity, entry.prepared.record)


def _find_home(entry: Entry) -> UUID | None:
    if entry.document.payload.kind == "premises":
        return entry.document.id
    record = entry.prepared.record
    return record.premises_id if isinstance(record, Stay | Declaration | Pledge) else None


def _act(work: Workspace, entry: Entry, entity: Entity) -> None:
    """Fold a document that judges or ends an entity."""
    match entry.prepared.record:
        case Review(verdict=verdict, reasons=reasons):
            entity = effects.judge(entity, entry, verdict, reasons)
        case Departure(left_on=left_on, reason=reason, destination=destination):
            ending = Ending(entry.document.id, reason, left_on, destination)
            entity = effects.depart(entity, entry, ending)
            row = work.stays.get(entity.entity)
            if row is not None:
                work.stays.put(entity.entity, msgspec.structs.replace(row, left_on=left_on))
        case Withdrawal(reason=reason):
            entity = effects.withdraw(entity, entry, Ending(entry.document.id, reason))
        case _:
            pass
    work.entities.put(entity.entity, entity)


def _project(work: Workspace, entry: Entry, entity: Entity, record: object) -> None:
    """Fold a revision that became current into its slice's rows."""
    match record:
        case Premises():
            work.premises.put(entity.entity, premises_rules.fold(entity, record))
        case Stay():
            _project_stay(work, entry, entity, record)
        case Declaration():
            work.declarations.put(entity.entity, declarations_rules.fold(entity, record))
        case Pledge():
            _project_pledge(work, entity, record)
        case _:
            _project_right(work, entry, record)


def _project_right(work: Workspace, entry: Entry, record: object) -> None:
    """Fold what changes accounts, keys and grants, and what is said of documents of lost keys."""
    match record:
        case Adoption():
            work.adoptions.put(entry.document.id, quarantine_rules.fold(entry, record))
        case PledgeText():
            work.texts.insert(0, record)
        case Account():
            accounts_rules.fold_account(work.rights, entry, record)
        case Grant():
            accounts_rules.fold_grant(work.rights, entry, record)
        case Verification():
            accounts_rules.fold_verification(work.rights, record)
        case Revocation():
            accounts_rules.fold_revocation(work.rights, entry, record)
        case _:
            pass


def _project_stay(work: Workspace, entry: Entry, entity: Entity, stay: Stay) -> None:
    earlier = work.stays.get(entity.entity)
    work.put_stay(stays_rules.fold(entity, stay, entry.prepared.disclosed, earlier))


def complete(work: Workspace, prepared: Prepared) -> None:
    """Fold values that came after their document, as if they had come with it."""
    payload = prepared.document.payload
    entity, row = work.entities.get(payload.entity), work.stays.get(payload.entity)
    if entity is None:
        return
    entity, current = effects.complete(entity, payload.id, prepared.disclosed)
    work.entities.put(entity.entity, entity)
    if row is not None:
        values = {name: prepared.disclosed[name] for name in current}
        work.put_stay(stays_rules.disclose(row, values))
        twins.pair(work, payload.entity, row)


def _project_pledge(work: Workspace, entity: Entity, pledge: Pledge) -> None:
    row = pledges_rules.fold(entity, pledge)
    for earlier_id in pledges_rules.list_superseded(row, work.pledges.values()):
        earlier = work.entities.get(earlier_id)
        if earlier is not None and pledges_rules.is_of_one_signer(earlier, entity):
            superseded = effects.supersede(earlier, entity.entity, entity.changed_pos)
            work.entities.put(earlier_id, superseded)
    work.pledges.put(entity.entity, row)
