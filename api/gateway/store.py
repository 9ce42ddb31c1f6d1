"""The SQL of what the register holds under the ids that programs chose."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from api.gateway.records import Earlier
from api.ledger.reading_store import load_disclosures
from sync.document import open_disclosure, read_document
from sync.messages import Item, Payload


async def find_earlier(tx: Transaction, log: str, ids: Sequence[UUID]) -> dict[UUID, Earlier]:
    """Return the documents that log and backlog hold under these ids."""
    if not ids:
        return {}
    keys = [document_id.bytes for document_id in ids]
    logged = await tx.all(
        "SELECT e.receipt, p.bytes FROM entries e"
        " JOIN payloads p ON p.log = e.log AND p.id = e.id"
        " WHERE e.log = :log AND e.id IN (:ids)",
        log=log,
        ids=keys,
    )
    held = await tx.all(
        "SELECT item FROM backlog WHERE log = :log AND id IN (:ids)", log=log, ids=keys
    )
    texts = await load_disclosures(tx, log, ids)
    earlier: dict[UUID, Earlier] = {}
    for receipt, data in logged:
        payload = msgspec.json.decode(data, type=Payload)
        opened = {name: open_disclosure(text) for name, text in texts.get(payload.id, {}).items()}
        earlier[payload.id] = _read(payload, opened, receipt=receipt)
    for (item,) in held:
        document = read_document(msgspec.json.decode(item, type=Item))
        missing = await _list_missing(tx, log, document.id)
        earlier[document.id] = _read(document.payload, document.disclosed, missing=missing)
    return earlier


def _read(
    payload: Payload,
    disclosed: dict[str, dict[str, Any]],
    *,
    receipt: str | None = None,
    missing: tuple[UUID, ...] = (),
) -> Earlier:
    return Earlier(
        kind=payload.kind,
        entity=payload.entity,
        base=payload.base,
        place=payload.place,
        body=msgspec.json.decode(payload.body),
        disclosed=disclosed,
        receipt=receipt,
        missing=missing,
    )


async def _list_missing(tx: Transaction, log: str, document_id: UUID) -> tuple[UUID, ...]:
    rows = await tx.all(
        "SELECT w.missing_id FROM backlog_waits w"
        " LEFT JOIN entries e ON e.log = w.log AND e.id = w.missing_id"
        " WHERE w.log = :log AND w.id = :id AND e.id IS NULL ORDER BY w.missing_id",
        log=log,
        id=document_id.bytes,
    )
    return tuple(UUID(bytes=row[0]) for row in rows)
