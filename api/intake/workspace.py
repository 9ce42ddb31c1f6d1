"""What one transaction loads from the slices before it judges and folds its documents."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct

from api.accounts import store as accounts_store
from api.accounts.records import Account
from api.accounts.rules import Rights
from api.database.engine import Transaction
from api.declarations.records import DeclarationRow
from api.intake.reading import read_id
from api.ledger import store as ledger_store
from api.ledger.effects import Revisions
from api.ledger.records import Entities, Prepared, Tracked
from api.pledges import store as pledges_store
from api.pledges.records import Pledge, PledgeRow, PledgeText
from api.premises.records import PremisesRow
from api.quarantine import store as quarantine_store
from api.quarantine.records import AdoptionRow
from api.stays import rules as stays_rules
from api.stays import store as stays_store
from api.stays.records import StayRow, TravelDocument
from sync.keys import thumbprint


class Workspace(Struct):
    """Everything that the documents of one transaction are judged by and fold to."""

    entities: Entities
    rights: Rights
    stays: Tracked[UUID, StayRow]
    by_document: dict[str, set[UUID]]
    premises: Tracked[UUID, PremisesRow]
    declarations: Tracked[UUID, DeclarationRow]
    pledges: Tracked[UUID, PledgeRow]
    texts: list[PledgeText]
    adoptions: Tracked[UUID, AdoptionRow]
    bodies: Revisions

    def merge(self, later: "Workspace") -> None:
        """Take rows that were loaded later; what was loaded or folded before stands."""
        self.rights.accounts.merge(later.rights.accounts)
        self.rights.devices.merge(later.rights.devices)
        self.rights.grants.merge(later.rights.grants)
        self.rights.early.merge(later.rights.early)
        self.rights.homes = {**later.rights.homes, **self.rights.homes}
        self.stays.merge(later.stays)
        self.file_stays(later.stays.values())
        self.pledges.merge(later.pledges)
        self.adoptions.merge(later.adoptions)
        self.texts = [*self.texts, *later.texts]
        for entity, revisions in later.bodies.items():
            self.bodies[entity] = {**revisions, **self.bodies.get(entity, {})}

    def put_stay(self, row: StayRow) -> None:
        """Replace a stay; it will be written."""
        self.stays.put(row.stay_id, row)
        self.file_stays([row])

    def list_stays_showing(self, document_key: str | None) -> list[StayRow]:
        """Return the stays that show a document, and some that showed it before."""
        ids = self.by_document.get(document_key or "", ())
        return [row for stay_id in ids if (row := self.stays.get(stay_id)) is not None]

    def file_stays(self, rows: Iterable[StayRow]) -> None:
        """Note which documents these stays show, so that none is compared with all others."""
        for row in rows:
            self.by_document.setdefault(row.document_key or "", set()).add(row.stay_id)


async def load(
    tx: Transaction, log: str, documents: Sequence[Prepared], entities: Entities
) -> Workspace:
    payloads = [one.document.payload for one in documents]
    touched = [payload.entity for payload in payloads if payload.entity in entities]
    pledges = await _load_pledges(tx, log, documents)
    entities.add(await ledger_store.load_entities(tx, log, list(pledges)))
    premises_ids = [home for one in documents if (home := _premises_of(one, entities)) is not None]
    rights = await _load_rights(tx, log, documents, premises_ids)
    stays = await stays_store.load(tx, log, _unique(touched), _document_keys(documents))
    await _load_twins(tx, log, entities, premises_ids, stays.values())
    await _load_authors(tx, log, entities, rights, stays)
    work = Workspace(
        entities=entities,
        rights=rights,
        stays=Tracked(stays),
        by_document={},
        premises=Tracked(),
        declarations=Tracked(),
        pledges=Tracked(pledges),
        texts=await _load_texts(tx, log, documents),
        adoptions=Tracked(await _load_adoptions(tx, log, documents, rights)),
        bodies=await _load_bodies(tx, log, documents, entities),
    )
    work.file_stays(stays.values())
    return work


async def _load_twins(
    tx: Transaction,
    log: str,
    entities: Entities,
    premises_ids: Sequence[UUID],
    stays: Iterable[StayRow],
) -> None:
    """Load the stays at these premises that show the same documents: one may count for another."""
    homes = set(premises_ids)
    others = [one.stay_id for one in stays if one.premises_id in homes]
    missing = [stay_id for stay_id in others if stay_id not in entities]
    entities.add(await ledger_store.load_entities(tx, log, missing))


async def _load_authors(
    tx: Transaction, log: str, entities: Entities, rights: Rights, stays: Iterable[UUID]
) -> None:
    """Load who wrote these stays: what an owner signed counts before what others entered."""
    found = [entity for one in stays if (entity := entities.get(one)) is not None]
    authors = {entity.author for entity in found} - {one for one, _ in rights.accounts.items()}
    rows = await accounts_store.list_accounts(tx, log, sorted(authors))
    rights.accounts.merge(Tracked({row.account_id: row for row in rows}))


async def _load_bodies(
    tx: Transaction, log: str, documents: Sequence[Prepared], entities: Entities
) -> Revisions:
    """Return the bodies that these documents rest on; what is current stands merged already.

    A correction of the current revision reads no history, however long that is.
    """
    based = {
        payload.entity: entity
        for one in documents
        if (payload := one.document.payload).base is not None
        and (entity := entities.get(payload.entity)) is not None
    }
    bases = [
        payload.base
        for one in documents
        if (payload := one.document.payload).base is not None
        and payload.entity in based
        and payload.base != based[payload.entity].revision
    ]
    torn = await ledger_store.list_entities_of(tx, log, _unique(bases))
    bodies = await ledger_store.load_bodies(tx, log, sorted(torn & based.keys()))
    for entity in based.values():
        bodies.setdefault(entity.entity, {})[entity.revision] = (None, entity.body)
    return bodies


async def _load_rights(
    tx: Transaction, log: str, documents: Sequence[Prepared], premises_ids: Sequence[UUID]
) -> Rights:
    kids = {one.document.kid for one in documents}
    named = {
        found
        for one in documents
        for name in ("account_id", "on_behalf_of")
        if (found := read_id(one.body.get(name))) is not None
    }
    kids |= {kid for one in documents if isinstance(kid := one.body.get("kid"), str)}
    registering = [one.record.jwk for one in documents if isinstance(one.record, Account)]
    kids |= {thumbprint(jwk) for jwk in registering if jwk is not None}
    granted = [
        found for one in documents if (found := read_id(one.body.get("grant_id"))) is not None
    ]
    return await accounts_store.load_rights(
        tx, log, sorted(kids), sorted(named), _unique(premises_ids), _unique(granted)
    )


async def _load_adoptions(
    tx: Transaction, log: str, documents: Sequence[Prepared], rights: Rights
) -> dict[UUID, AdoptionRow]:
    """Load verdicts on what keys that ended have signed: for any other there is none to find."""
    ended = {kid for kid, device in rights.devices.items() if device.revoked_ms is not None}
    judged = [one.document.id for one in documents if one.document.kid in ended]
    return await quarantine_store.load_adoptions(tx, log, judged)


async def _load_pledges(
    tx: Transaction, log: str, documents: Sequence[Prepared]
) -> dict[UUID, PledgeRow]:
    homes = [one.record.premises_id for one in documents if isinstance(one.record, Pledge)]
    return await pledges_store.load_at(tx, log, _unique(homes))


async def _load_texts(tx: Transaction, log: str, documents: Sequence[Prepared]) -> list[PledgeText]:
    is_signed = any(isinstance(one.record, Pledge) for one in documents)
    known = await pledges_store.list_texts(tx, log) if is_signed else []
    return [one.text for one in known]


def _document_keys(documents: Sequence[Prepared]) -> list[str]:
    keys = (
        stays_rules.document_key(document)
        for one in documents
        if isinstance(document := one.disclosed.get("document"), TravelDocument)
    )
    return sorted({key for key in keys if key is not None})


def _premises_of(prepared: Prepared, entities: Entities) -> UUID | None:
    entity = entities.get(prepared.document.payload.entity)
    if entity is not None:
        return entity.entity if entity.kind == "premises" else entity.premises_id
    return read_id(prepared.body.get("premises_id"))


def _unique(ids: Sequence[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))
