"""What a program is told of the entries of one stay: each as if it were the only one.

A program reads no number of a document in full. If it were told which of several entries counts,
it would learn from its own becoming a duplicate that it had guessed a number right.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from msgspec.structs import replace

from api.access import Role
from api.database.engine import Transaction
from api.ledger import effects
from api.ledger.records import Effect, Entity
from api.ledger.store import load_entities
from api.views.records import Slice

List = Callable[[Effect, Slice], Awaitable[list[UUID]]]
_ASIDE: Effect = "duplicate_of"


def is_told_apart(role: Role) -> bool:
    """Say whether a role is told of each entry of a stay as of the only one."""
    return role == "client"


def as_told(role: Role, entity: Entity) -> Entity:
    """Return an entity as a role is told of it."""
    if entity.effect != _ASIDE or not is_told_apart(role):
        return entity
    return effects.pair(entity, None)


async def list_told(
    tx: Transaction, log: str, effect: Effect, part: Slice, fetch: List
) -> list[Entity]:
    """Return, for a program, what has an effect or would have it alone, in no order.

    As many as a part holds of both, so that nothing shows which are which.
    """
    if effect == _ASIDE:
        return []
    ids = await fetch(effect, part)
    found = list((await load_entities(tx, log, ids)).values())
    aside: list[Entity] = []
    is_more = True
    while is_more and len(aside) < part.limit:
        ids = await fetch(_ASIDE, part)
        read = await load_entities(tx, log, ids)
        aside += [one for one in read.values() if as_told("client", one).effect == effect]
        is_more = len(ids) == part.limit
        part = replace(part, pos=read[ids[-1]].created_pos) if is_more else part
    return found + aside
