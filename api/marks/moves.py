"""Who came together from other premises, for a page of stays at once.

Apart from the store, because it asks for the neighbours of a page's stays: only where somebody on
the page is known to have come from elsewhere, and then for that building alone.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from api.facts.dates import earliest_day
from api.marks.records import LinkedStay, Move
from api.marks.rules import count_together, find_origin

Linked = Mapping[UUID, tuple[LinkedStay, ...]]


def list_homes(stays: Iterable[LinkedStay], linked: Linked) -> list[UUID]:
    """Return the premises at which one of these stays began after another elsewhere."""
    came = (one for one in stays if find_origin(one, linked.get(UUID(one.stay_id), ())))
    return sorted({UUID(one.premises_id) for one in came})


def find_moves(stays: Iterable[LinkedStay], linked: Linked) -> dict[UUID, Move]:
    """Return, for each of these stays that began after another elsewhere, who came with it."""
    groups: dict[tuple[str, str], list[LinkedStay]] = {}
    for one in stays:
        origin = find_origin(one, linked.get(UUID(one.stay_id), ()))
        if origin is not None:
            groups.setdefault((origin, one.premises_id), []).append(one)
    moves: dict[UUID, Move] = {}
    for (origin, _), together in groups.items():
        days = {UUID(one.stay_id): earliest_day(one.arrived_on or "") for one in together}
        for stay_id, day in days.items():
            moves[stay_id] = Move(UUID(origin), count_together(day, list(days.values())))
    return moves
