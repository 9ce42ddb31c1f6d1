"""Whose entities a reader may see at all: everything, some places, or the own."""

from typing import Final

from api.accounts.store import list_granted
from api.database.engine import Transaction
from api.ledger.cursors import scope_hash
from api.ledger.reading_store import Scope
from api.ledger.records import Entity
from api.places.records import Places
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
    """Say whether an entity lies in a scope: by place, by author, or at premises of the reader."""
    if scope.everything or entity.place in scope.places:
        return True
    if scope.account_id is None or entity.author == scope.account_id:
        return entity.author == scope.account_id
    return entity.premises_id is not None and await is_held(tx, log, scope, entity.premises_id)


async def mark_scope(
    tx: Transaction, log: str, principal: Principal, scope: Scope, stream: str
) -> str:
    """Return the mark that cursors of a stream carry: another one as soon as the scope is another.

    A grant over premises opens what lies before the cursor, and its end closes it: either way the
    reader has to begin again.
    """
    granted = await list_granted(tx, log, scope.account_id, scope.now_ms)
    return scope_hash(stream, log, principal.role, principal.account_id, principal.places, granted)
