"""The days that a demonstration tells of: twelve of them, ending now; the order is due in three."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from api.facts.deadlines import PHNOM_PENH

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
STORY_DAYS: Final = 12
DUE_IN_DAYS: Final = 3


class StoryClock:
    """A clock that is led through the story and never goes back."""

    def __init__(self, start_ms: int) -> None:
        """Begin at the first day."""
        self._ms = start_ms

    def __call__(self) -> int:
        """Return the instant of the story."""
        return self._ms

    def reach(self, ms: int) -> None:
        """Go on to an instant, unless it is past."""
        self._ms = max(self._ms, ms)


def day_in_cambodia(ms: int) -> date:
    """Return the day of the calendar in Cambodia."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(PHNOM_PENH).date()


def offset_to(today: date, machine_clock: Callable[[], int]) -> int:
    """Return by how much a clock must be shifted to show that day at this time of the day."""
    return (today - day_in_cambodia(machine_clock())).days * DAY_MS


def due_at(today: date) -> str:
    """Return the deadline of the demonstration's order: the last second of the third day."""
    last = datetime.combine(
        today + timedelta(days=DUE_IN_DAYS + 1), datetime.min.time(), PHNOM_PENH
    )
    return f"{(last - timedelta(seconds=1)).astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
