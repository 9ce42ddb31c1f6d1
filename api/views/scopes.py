"""Whose entities a reader may see at all: everything, some places, or the own."""

from typing import Final

from api.ledger.reading_store import Scope
from api.places.records import Places
from api.sessions.records import Principal

_EVERYWHERE: Final = ("auditor",)


def scope_of(principal: Principal, log: str, places: Places) -> Scope:
    """Return what a principal may see of a log; a district stands for its communes."""
    if principal.role == "owner":
        return Scope(account_id=principal.account_id)
    if log in principal.places or principal.role in _EVERYWHERE:
        return Scope(places=tuple(places.by_id), everything=True)
    return Scope(places=places.within(principal.places))
