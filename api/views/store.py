"""Loads, in a few queries a page, what opening entities for a reader needs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from api.accounts.store import list_accounts
from api.database.engine import Transaction
from api.ledger.reading_store import load_disclosures
from api.ledger.records import Entity
from api.ledger.store import load_bodies
from api.marks.records import Surroundings
from api.marks.store import load_surroundings
from api.views import rules
from api.views.marking import side_of
from api.views.records import Opened, Reader, Revision, View

_HISTORY_MAX = 200


async def open_views(
    tx: Transaction, log: str, reader: Reader, entities: Sequence[Entity]
) -> list[View]:
    """Return one view an entity, in their order."""
    opened = await _open(tx, log, reader, entities)
    return [rules.view(reader, entity, opened) for entity in entities]


async def open_history(tx: Transaction, log: str, reader: Reader, entity: Entity) -> View:
    """Return the view of one entity with every document on it."""
    revisions = await _list_revisions(tx, log, entity.entity)
    opened = await _open(tx, log, reader, [entity])
    more = await load_disclosures(tx, log, [one.id for one in revisions])
    whole = replace(opened, disclosures={**opened.disclosures, **more})
    view = rules.view(reader, entity, whole)
    return replace(view, history=rules.history(reader, entity, revisions, whole))


async def _open(tx: Transaction, log: str, reader: Reader, entities: Sequence[Entity]) -> Opened:
    carriers: set[UUID] = set()
    for entity in entities:
        carriers.update(entity.detail.disclosed.values())
        carriers.update(entity.detail.branches)
        carriers.update(verdict.id for verdict in entity.detail.verdicts[-3:])
    authors = {entity.author for entity in entities}
    accounts = await list_accounts(tx, log, sorted(authors))
    torn = [entity.entity for entity in entities if entity.detail.branches]
    judged = [verdict.id for entity in entities for verdict in entity.detail.verdicts]
    is_owners = side_of(reader.role) == "owner"
    return Opened(
        disclosures=await load_disclosures(tx, log, sorted(carriers)),
        author_states={account.account_id: account.state for account in accounts},
        bodies=await load_bodies(tx, log, torn),
        instants=await _list_instants(tx, log, judged),
        surroundings=Surroundings() if is_owners else await load_surroundings(tx, log, entities),
    )


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


async def _list_revisions(tx: Transaction, log: str, entity: UUID) -> list[Revision]:
    rows = await tx.all(
        "SELECT e.id, e.pos, e.kind, e.received_ms, p.bytes FROM entries e"
        " JOIN payloads p ON p.log = e.log AND p.id = e.id"
        " WHERE e.log = :log AND e.entity = :entity ORDER BY e.pos LIMIT :limit",
        log=log,
        entity=entity.bytes,
        limit=_HISTORY_MAX,
    )
    decode = msgspec.json.Decoder(_Payload).decode
    read = [(*row[:4], decode(row[4])) for row in rows]
    return [
        Revision(UUID(bytes=document_id), pos, kind, received_ms, payload.base, payload.body)
        for document_id, pos, kind, received_ms, payload in read
    ]
