"""How one thing is drawn: by share, by day, by number; apart so that every draw is made alike."""

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import TypeVar
from uuid import UUID

_Drawn = TypeVar("_Drawn")

_VERSION_7, _VARIANT = 7 << 76, 2 << 62
_LOW_BITS, _RANDOM_A_BITS, _RANDOM_B_BITS = 80, 12, 62


def draw_one(random: Random, shares: Mapping[_Drawn, float]) -> _Drawn:
    """Draw one of several by its share."""
    return random.choices([*shares], [*shares.values()])[0]


def draw_id(random: Random, made_at_ms: int) -> UUID:
    """Draw a UUID of version 7 made at that instant (milliseconds since 1970)."""
    low = random.getrandbits(_RANDOM_A_BITS) << 64 | random.getrandbits(_RANDOM_B_BITS)
    return UUID(int=made_at_ms << _LOW_BITS | _VERSION_7 | _VARIANT | low)


def day_at(today: date, days: int) -> str:
    """Give the day so many days from today, before it when negative."""
    return date.fromordinal(today.toordinal() + days).isoformat()
