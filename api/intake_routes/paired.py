"""When one of several entries of a stay ends, or another pushes it aside, it is told again.

Neither touches it, and yet another one counts from then on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from api.database.engine import Transaction
from api.ledger.reading_store import Logged
from api.ledger.records import Entity
from api.ledger.store import load_entities
from api.stays.store import list_twins

_TOLD_MAX: Final = 100
_ENDED: Final = ("withdrawn", "departed")


async def list_paired(
    tx: Transaction, log: str, told: Sequence[Logged], entities: Mapping[UUID, Entity]
) -> list[Logged]:
    """Return the entries of stays that count, or no more, by what ended another or stands for it.

    Each with the document that did it.
    """
    stays = {one.entity for one in told if entities[one.entity].kind == "stay"}
    over = {one for one in stays if entities[one].effect in _ENDED}
    twins = await list_twins(tx, log, sorted(over | {*_list_own(stays, entities)}))
    others = await load_entities(tx, log, [one for found in twins.values() for one in found])
    paired = [
        replace(entry, entity=twin)
        for entry in told
        for twin in twins.get(entry.entity, ())
        if entry.entity in over or _is_pushed_aside(others[twin], entities[entry.entity])
    ]
    return paired[:_TOLD_MAX]


def _list_own(stays: Iterable[UUID], entities: Mapping[UUID, Entity]) -> Iterator[UUID]:
    """Return what somebody signed himself, which may count before what came earlier."""
    for one in stays:
        if entities[one].detail.grade == "author" and entities[one].effect not in _ENDED:
            yield one


def _is_pushed_aside(earlier: Entity, entity: Entity) -> bool:
    is_earlier = earlier.created_pos < entity.created_pos
    return is_earlier and earlier.detail.duplicate_of == entity.entity
