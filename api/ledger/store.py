"""The SQL of the write path: what a group needs to be decided, and what it leaves."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from api.database.engine import Row, Transaction
from api.ledger.effects import Revisions
from api.ledger.records import Detail, Entity, Entry, Head
from sync.chain import first_link
from sync.custody import Known
from sync.document import Document

ENTITY_COLUMNS: Final = (
    "log, entity, kind, revision, effect, place, premises_id, author,"
    " created_pos, changed_pos, received_ms, body, detail"
)
_encode: Final = msgspec.json.Encoder().encode
_detail: Final = msgspec.json.Decoder(Detail).decode
_body: Final = msgspec.json.Decoder(dict[str, Any]).decode


async def lock_head(tx: Transaction, log: str) -> Head:
    """Return where the log ends; on PostgreSQL this is the row that every writer locks first."""
    row = await tx.one("SELECT pos, chain, received_ms FROM heads WHERE log = :log", log=log)
    if row is not None:
        return Head(*row)
    head = Head(0, first_link(log), 0)
    await tx.run(
        "INSERT INTO heads (log, pos, chain, received_ms) VALUES (:log, :pos, :chain, :ms)",
        log=log,
        pos=head.pos,
        chain=head.chain,
        ms=head.received_ms,
    )
    return head


async def save_head(tx: Transaction, log: str, head: Head) -> None:
    """Move the end of the log."""
    await tx.run(
        "UPDATE heads SET pos = :pos, chain = :chain, received_ms = :ms WHERE log = :log",
        log=log,
        pos=head.pos,
        chain=head.chain,
        ms=head.received_ms,
    )


async def save_number(tx: Transaction, log: str, kid: str, entries: Sequence[Entry]) -> None:
    """Remember the highest `seq` that a key of the register has in its log."""
    documents = (entry.document for entry in entries)
    numbers = [one.payload.seq for one in documents if one.kid == kid]
    if numbers:
        await tx.run_many(
            "INSERT INTO numbers (log, kid, seq) VALUES (:log, :kid, :seq)"
            " ON CONFLICT (log, kid) DO UPDATE SET seq = excluded.seq"
            " WHERE excluded.seq > numbers.seq",
            [{"log": log, "kid": kid, "seq": max(numbers)}],
        )


async def take_numbers(tx: Transaction, log: str, kid: str, count: int) -> int:
    """Keep so many `seq` of a key for who asks, and for nobody else; return the last of them."""
    row = await tx.one(
        "INSERT INTO numbers (log, kid, seq) VALUES (:log, :kid, :count)"
        " ON CONFLICT (log, kid) DO UPDATE SET seq = numbers.seq + :count RETURNING seq",
        log=log,
        kid=kid,
        count=count,
    )
    return 0 if row is None else row[0]


async def find_known(tx: Transaction, log: str, ids: Sequence[UUID]) -> dict[UUID, Known]:
    """Return what the log holds under these ids."""
    if not ids:
        return {}
    rows = await tx.all(
        "SELECT id, hash, receipt FROM entries WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    return {UUID(bytes=row[0]): Known(row[1], row[2]) for row in rows}


async def find_expired(tx: Transaction, log: str, ids: Sequence[UUID]) -> set[tuple[UUID, bytes]]:
    """Return the (id, hash) among these whose wait in the backlog ran out."""
    if not ids:
        return set()
    rows = await tx.all(
        "SELECT id, hash FROM refusals WHERE log = :log AND code = 'dependency' AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    return {(UUID(bytes=row[0]), row[1]) for row in rows}


async def load_entities(tx: Transaction, log: str, ids: Sequence[UUID]) -> dict[UUID, Entity]:
    """Return the entities that exist among these ids."""
    if not ids:
        return {}
    rows = await tx.all(
        "SELECT log, entity, kind, revision, effect, place, premises_id, author,"
        " created_pos, changed_pos, received_ms, body, detail"
        " FROM entities WHERE log = :log AND entity IN (:ids)",
        log=log,
        ids=[entity_id.bytes for entity_id in ids],
    )
    return {entity.entity: entity for entity in map(read_entity, rows)}


async def list_entities_of(tx: Transaction, log: str, ids: Sequence[UUID]) -> set[UUID]:
    """Return the entities that the documents in the log among these are about."""
    if not ids:
        return set()
    rows = await tx.all(
        "SELECT entity FROM entries WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    return {UUID(bytes=row[0]) for row in rows}


async def load_bodies(tx: Transaction, log: str, entities: Sequence[UUID]) -> Revisions:
    """Return `{entity: {document id: (base, body)}}` of every revision of these entities.

    It reads whole histories: only for what rests on a revision that is no longer current.
    """
    if not entities:
        return {}
    rows = await tx.all(
        "SELECT e.entity, e.id, p.bytes FROM entries e"
        " JOIN payloads p ON p.log = e.log AND p.id = e.id"
        " JOIN entities n ON n.log = e.log AND n.entity = e.entity AND n.kind = e.kind"
        " WHERE e.log = :log AND e.entity IN (:entities)",
        log=log,
        entities=[entity.bytes for entity in entities],
    )
    decode = msgspec.json.Decoder(_Revision).decode
    revisions: Revisions = {}
    for entity, document_id, data in rows:
        revision = decode(data)
        known = revisions.setdefault(UUID(bytes=entity), {})
        known[UUID(bytes=document_id)] = (revision.base, revision.body)
    return revisions


class _Revision(msgspec.Struct):
    base: UUID | None
    body: dict[str, Any]


def read_entity(row: Row) -> Entity:
    """Return the entity in a row of ENTITY_COLUMNS."""
    log, entity, kind, revision, effect, place, premises_id, author, *rest = row
    created_pos, changed_pos, received_ms, body, detail = rest
    return Entity(
        log=log,
        entity=UUID(bytes=entity),
        kind=kind,
        revision=UUID(bytes=revision),
        effect=effect,
        place=place,
        premises_id=None if premises_id is None else UUID(bytes=premises_id),
        author=UUID(bytes=author),
        created_pos=created_pos,
        changed_pos=changed_pos,
        received_ms=received_ms,
        body=_body(body),
        detail=_detail(detail),
    )


async def append_entries(tx: Transaction, log: str, entries: Sequence[Entry]) -> None:
    """Write entries, their payloads' bytes and their disclosures."""
    await tx.run_many(
        'INSERT INTO entries (log, pos, id, hash, "by", kind, entity, place, received_ms,'
        " chain, receipt) VALUES (:log, :pos, :id, :hash, :by, :kind, :entity, :place, :ms,"
        " :chain, :receipt)",
        [_entry_row(log, entry) for entry in entries],
    )
    await tx.run_many(
        "INSERT INTO payloads (log, id, protected, bytes, signature)"
        " VALUES (:log, :id, :protected, :bytes, :signature)",
        [_payload_row(log, entry) for entry in entries],
    )
    await add_disclosures(tx, log, [entry.document for entry in entries])


async def add_disclosures(tx: Transaction, log: str, documents: Sequence[Document]) -> None:
    """Write the disclosures that come with these documents."""
    await tx.run_many(
        "INSERT INTO disclosures (log, id, name, key_id, bytes)"
        " VALUES (:log, :id, :name, NULL, :bytes)",
        [
            {"log": log, "id": document.id.bytes, "name": name, "bytes": text.encode()}
            for document in documents
            for name, text in (document.item.disclosures or {}).items()
        ],
    )


async def find_disclosed(tx: Transaction, log: str, ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    """Return the disclosures of these documents that the log has, and those that were erased."""
    if not ids:
        return set()
    rows = await tx.all(
        "SELECT id, name FROM disclosures WHERE log = :log AND id IN (:ids)"
        " UNION ALL SELECT id, name FROM erasures WHERE log = :log AND id IN (:ids)",
        log=log,
        ids=[document_id.bytes for document_id in ids],
    )
    return {(UUID(bytes=row[0]), row[1]) for row in rows}


def _entry_row(log: str, entry: Entry) -> dict[str, Any]:
    payload = entry.document.payload
    return {
        "log": log,
        "pos": entry.pos,
        "id": payload.id.bytes,
        "hash": entry.document.hash,
        "by": payload.by,
        "kind": payload.kind,
        "entity": payload.entity.bytes,
        "place": payload.place,
        "ms": entry.received_ms,
        "chain": entry.chain,
        "receipt": entry.receipt,
    }


def _payload_row(log: str, entry: Entry) -> dict[str, Any]:
    item = entry.document.item
    return {
        "log": log,
        "id": entry.document.id.bytes,
        "protected": item.protected,
        "bytes": item.payload.encode(),
        "signature": item.signature,
    }


async def save_entities(tx: Transaction, entities: Iterable[Entity]) -> None:
    """Write entities as they fold now."""
    await tx.run_many(
        "INSERT INTO entities (log, entity, kind, revision, effect, place, premises_id, author,"
        " created_pos, changed_pos, received_ms, body, detail)"
        " VALUES (:log, :entity, :kind, :revision, :effect, :place, :premises_id, :author,"
        " :created_pos, :changed_pos, :received_ms, :body, :detail)"
        " ON CONFLICT (log, entity) DO UPDATE SET revision = excluded.revision,"
        " effect = excluded.effect, place = excluded.place, changed_pos = excluded.changed_pos,"
        " body = excluded.body, detail = excluded.detail",
        [_entity_row(entity) for entity in entities],
    )


def _entity_row(entity: Entity) -> dict[str, Any]:
    return {
        "log": entity.log,
        "entity": entity.entity.bytes,
        "kind": entity.kind,
        "revision": entity.revision.bytes,
        "effect": entity.effect,
        "place": entity.place,
        "premises_id": None if entity.premises_id is None else entity.premises_id.bytes,
        "author": entity.author.bytes,
        "created_pos": entity.created_pos,
        "changed_pos": entity.changed_pos,
        "received_ms": entity.received_ms,
        "body": _encode(entity.body),
        "detail": _encode(entity.detail),
    }
