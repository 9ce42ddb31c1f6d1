"""Builds a whole invented population, the same for a size, a seed and a day."""

from datetime import date, datetime
from random import Random

from api.facts.deadlines import PHNOM_PENH
from api.synthetic.buildings import draw_owner, draw_premises, with_parties
from api.synthetic.cases import seed_premises, seed_stays
from api.synthetic.people import draw_stays
from api.synthetic.records import Population
from api.synthetic.shares import EXTENTS, Size


def build(size: Size, seed: int, today: date) -> Population:
    """Invent premises and people; the same arguments give the same bytes."""
    random = Random(f"{size} {seed} {today.isoformat()}")
    extent = EXTENTS[size]
    first_ms = int(
        datetime(today.year, today.month, today.day, tzinfo=PHNOM_PENH).timestamp() * 1000
    )
    premises = seed_premises(draw_premises(random, extent, first_ms))
    owners = tuple(draw_owner(random, number) for number in range(premises[-1].owner + 1))
    premises = [with_parties(random, home, owners[home.owner]) for home in premises]
    stays = draw_stays(random, extent.stays, premises, today, first_ms + extent.premises)
    return Population(
        size=size,
        seed=seed,
        today=today,
        owners=owners,
        premises=tuple(premises),
        stays=tuple(seed_stays(stays, premises, today)),
    )
