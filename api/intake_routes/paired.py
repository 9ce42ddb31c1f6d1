"""When one of several entries of a stay ends, the others are told again.

Its end touches none of them, and yet another one counts from then on.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from api.database.engine import Transaction
from api.ledger.reading_store import Logged
from api.ledger.records import Entity
from api.stays.store import list_twins

_TOLD_MAX: Final = 100
_ENDED: Final = ("withdrawn", "departed")


async def list_paired(
    tx: Transaction, log: str, told: Sequence[Logged], entities: Mapping[UUID, Entity]
) -> list[Logged]:
    """Return the other entries of stays that ended with these, each with what ended them."""
    over = {
        one.entity
        for one in told
        if entities[one.entity].kind == "stay" and entities[one.entity].effect in _ENDED
    }
    twins = await list_twins(tx, log, sorted(over))
    paired = [replace(entry, entity=twin) for entry in told for twin in twins.get(entry.entity, ())]
    return paired[:_TOLD_MAX]
