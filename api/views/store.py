"""Loads, in a few queries a page, what opening entities for a reader needs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from api.accounts.records import AccountRow
from api.accounts.store import list_accounts
from api.database.engine import Transaction
from api.ledger.effects import Revisions
from api.ledger.reading_store import load_disclosures
from api.ledger.records import Entity
from api.ledger.store import load_bodies
from api.marks.records import Mark, Surroundings
from api.marks.store import load_surroundings
from api.orders.rules import find_covering
from api.views import rules
from api.views.aside import as_told
from api.views.marking import marks_of, side_of
from api.views.masking import shield
from api.views.records import (
    BRANCHES_SHOWN_MAX,
    HISTORY_BYTES_MAX,
    LISTED_HISTORY_BYTES_MAX,
    HistoryView,
    Opened,
    Reader,
    Revision,
    View,
)
from sync.receipts import grade_of

_HISTORY_MAX: Final = 500
Histories = dict[UUID, tuple[list[HistoryView], int]]


async def open_views(
    tx: Transaction, log: str, reader: Reader, entities: Sequence[Entity]
) -> list[View]:
    """Return one view an entity, in their order.

    What was corrected, or departed more than once, comes with some of its history.
    """
    entities = [as_told(reader.role, entity) for entity in entities]
    opened = await _open(tx, log, reader, entities)
    corrected = [
        entity
        for entity in entities
        if entity.revision != entity.entity or entity.detail.left_on_before
    ]
    histories = await _open_histories(tx, log, reader, corrected, LISTED_HISTORY_BYTES_MAX)
    return [_view(reader, entity, opened, histories) for entity in entities]


async def open_history(tx: Transaction, log: str, reader: Reader, entity: Entity) -> View:
    """Return the view of one entity with every document on it."""
    entity = as_told(reader.role, entity)
    opened = await _open(tx, log, reader, [entity])
    histories = await _open_histories(tx, log, reader, [entity], HISTORY_BYTES_MAX)
    return _view(reader, entity, opened, histories)


def _view(reader: Reader, entity: Entity, opened: Opened, histories: Histories) -> View:
    """Return a view with its history; what any of it says of a refugee shields all of it."""
    view = rules.view(reader, entity, opened)
    if entity.entity not in histories:
        return shield(reader.role, view)
    history, whole = histories[entity.entity]
    shielded = shield(reader.role, replace(view, history=tuple(history)))
    told = shielded.history or ()
    bare = tuple(replace(one, body=None) for one in told[whole:])
    return replace(shielded, history=(*told[:whole], *bare))


async def list_marks(
    tx: Transaction, log: str, reader: Reader, entities: Sequence[Entity]
) -> list[tuple[Mark, ...]]:
    """Return the marks of each entity, opening nothing; without those that rest on a birth date."""
    opened = await _look_around(tx, log, reader, entities)
    return [marks_of(reader, entity, opened) for entity in entities]


async def _open_histories(
    tx: Transaction, log: str, reader: Reader, entities: Sequence[Entity], bytes_max: int
) -> Histories:
    """Return the documents on each entity, and how many of them may be shown whole."""
    revisions = await _list_revisions(tx, log, [entity.entity for entity in entities])
    ids = [one.id for found in revisions.values() for one in found]
    disclosures = await load_disclosures(tx, log, ids)
    return {
        entity.entity: rules.history(
            reader, entity, revisions[entity.entity], disclosures, bytes_max
        )
        for entity in entities
    }


async def _open(tx: Transaction, log: str, reader: Reader, entities: Sequence[Entity]) -> Opened:
    carriers: set[UUID] = set()
    for entity in entities:
        carriers.update(entity.detail.disclosed.values())
        carriers.update(entity.detail.branches[:BRANCHES_SHOWN_MAX])
        carriers.update(verdict.id for verdict in entity.detail.verdicts[-3:])
    torn = [entity.entity for entity in entities if entity.detail.branches]
    judged = [verdict.id for entity in entities for verdict in entity.detail.verdicts]
    return replace(
        await _look_around(tx, log, reader, entities),
        disclosures=await load_disclosures(tx, log, sorted(carriers)),
        bodies=_flatten(await load_bodies(tx, log, torn)),
        instants=await _list_instants(tx, log, judged),
        photographed=await _list_photographed(tx, log, entities),
    )


async def _list_photographed(
    tx: Transaction, log: str, entities: Sequence[Entity]
) -> frozenset[UUID]:
    """Return the premises whose photo is here.

    Only who wrote about the premises counts: nobody learns by naming a photo that others sent it.
    """
    named = [one.entity for one in entities if one.kind == "premises" and "photo" in one.body]
    if not named:
        return frozenset()
    rows = await tx.all(
        "SELECT DISTINCT p.premises_id FROM premises p"
        " JOIN blobs b ON b.log = p.log AND b.sha256 = p.photo AND b.state = 'kept'"
        " WHERE p.log = :log AND p.premises_id IN (:premises) AND (EXISTS (SELECT 1"
        " FROM entities n WHERE n.log = p.log AND n.entity = p.premises_id"
        " AND n.author = b.account_id) OR EXISTS (SELECT 1 FROM entries e"
        ' JOIN devices d ON d.log = e.log AND d.kid = e."by"'
        " WHERE e.log = p.log AND e.entity = p.premises_id AND d.account_id = b.account_id))",
        log=log,
        premises=[one.bytes for one in named],
    )
    return frozenset(UUID(bytes=premises_id) for (premises_id,) in rows)


async def _look_around(
    tx: Transaction, log: str, reader: Reader, entities: Sequence[Entity]
) -> Opened:
    """Return what marks rest on, and nothing that is disclosed."""
    accounts = await list_accounts(tx, log, sorted({entity.author for entity in entities}))
    is_owners = side_of(reader.role) == "owner"
    around = (
        Surroundings() if is_owners else await load_surroundings(tx, log, entities, reader.scope)
    )
    return Opened(
        author_states={account.account_id: account.state for account in accounts},
        author_codes=_codes_to_compare(reader, accounts),
        surroundings=around,
        covering={
            place: find_covering(around.orders, reader.places.ancestry(place))
            for place in {entity.place for entity in entities}
        },
    )


def _codes_to_compare(reader: Reader, accounts: Sequence[AccountRow]) -> dict[UUID, str]:
    """Return the codes of those whom nobody has verified, for the officer who may do it."""
    if reader.role != "officer":
        return {}
    unverified = (account for account in accounts if account.state == "unverified")
    return {account.account_id: account.verification_code for account in unverified}


def _flatten(revisions: Revisions) -> dict[UUID, tuple[UUID | None, dict[str, Any]]]:
    return {one: said for known in revisions.values() for one, said in known.items()}


async def _list_instants(tx: Transaction, log: str, ids: Sequence[UUID]) -> dict[UUID, int]:
    if not ids:
        return {}
    rows = await tx.all(
        "SELECT id, received_ms FROM entries WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    return {UUID(bytes=row[0]): row[1] for row in rows}


class _Payload(msgspec.Struct):
    base: UUID | None
    body: dict[str, Any]


async def _list_revisions(
    tx: Transaction, log: str, entities: Sequence[UUID]
) -> dict[UUID, list[Revision]]:
    """Return the documents on each entity, oldest first."""
    if not entities:
        return {}
    rows = await tx.all(
        "SELECT e.entity, e.id, e.pos, e.kind, e.received_ms, p.bytes, e.receipt, d.account_id,"
        " a.role FROM entries e JOIN payloads p ON p.log = e.log AND p.id = e.id"
        ' LEFT JOIN devices d ON d.log = e.log AND d.kid = e."by"'
        " LEFT JOIN accounts a ON a.log = d.log AND a.account_id = d.account_id"
        " WHERE e.log = :log AND e.entity IN (:entities) ORDER BY e.pos LIMIT :limit",
        log=log,
        entities=[entity.bytes for entity in entities],
        limit=_HISTORY_MAX * len(entities),
    )
    decode = msgspec.json.Decoder(_Payload).decode
    found: dict[UUID, list[Revision]] = {entity: [] for entity in entities}
    for entity, document_id, pos, kind, received_ms, data, receipt, signer, role in rows:
        payload = decode(data)
        revision = Revision(
            id=UUID(bytes=document_id),
            pos=pos,
            kind=kind,
            received_ms=received_ms,
            author=_author_of(payload.body, signer, role),
            grade=grade_of(receipt),
            base=payload.base,
            body=payload.body,
        )
        found[UUID(bytes=entity)].append(revision)
    return found


def _author_of(body: Mapping[str, Any], signer: bytes | None, role: str | None) -> UUID | None:
    """Return who said it: whose key signed it, or on whose behalf the register did."""
    behalf = body.get("on_behalf_of") if role == "register" else None
    if isinstance(behalf, str):
        return UUID(behalf)
    return None if signer is None else UUID(bytes=signer)
