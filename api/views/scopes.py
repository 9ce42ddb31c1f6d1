"""Whose entities a reader may see at all: everything, some places, or the own."""

from typing import Final
from uuid import UUID

from api.accounts.store import list_granted
from api.database.engine import Transaction
from api.ledger.cursors import scope_hash
from api.ledger.reading_store import find_receipt
from api.ledger.records import Entity, Scope
from api.ledger.store import load_entities
from api.places.records import Places
from api.problems import NotFound
from api.sessions.records import Principal
from api.views.page_store import is_held

_EVERYWHERE: Final = ("auditor",)


def scope_of(principal: Principal, log: str, places: Places, now_ms: int) -> Scope:
    """Return what a principal may see of a log now; a district stands for its communes."""
    if principal.role == "owner":
        return Scope(account_id=principal.account_id, now_ms=now_ms)
    if log in principal.places or principal.role in _EVERYWHERE:
        return Scope(places=tuple(places.by_id), everything=True)
    return Scope(places=places.within(principal.places))


async def may_see(tx: Transaction, log: str, scope: Scope, entity: Entity) -> bool:
    """Say whether an entity lies in a scope: by place, or at premises of the reader.

    Who wrote it once sees no more of it when the premises are no longer his to report for.
    """
    if scope.everything or entity.place in scope.places:
        return True
    if scope.account_id is None:
        return False
    if entity.premises_id is None:
        return entity.author == scope.account_id
    return await is_held(tx, log, scope, entity.premises_id)


async def find_own_receipt(
    tx: Transaction, log: str, scope: Scope, reader: UUID, document_id: UUID
) -> str:
    """Return the receipt of a document in the scope, or that the reader signed himself.

    A receipt says that something was received and nothing of a person: its author keeps it.
    Raises NotFound.
    """
    found = await find_receipt(tx, log, document_id)
    if found is None:
        raise NotFound
    receipt, entity_id, signer = found
    if signer != reader:
        entities = await load_entities(tx, log, [entity_id])
        if entity_id not in entities or not await may_see(tx, log, scope, entities[entity_id]):
            raise NotFound
    return receipt


async def mark_scope(
    tx: Transaction, log: str, principal: Principal, scope: Scope, stream: str
) -> str:
    """Return the mark that cursors of a stream carry: another one as soon as the scope is another.

    A grant over premises opens what lies before the cursor, and its end closes it: either way the
    reader has to begin again.
    """
    granted = await list_granted(tx, log, scope.account_id, scope.now_ms)
    return scope_hash(stream, log, principal.role, principal.account_id, principal.places, granted)
