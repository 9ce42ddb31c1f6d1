"""Which backups of a folder are kept: a pure rule over the instants at which they were made.

It counts hours and days that have a backup, from the newest back, and asks no clock: one that
jumped, or a register that rested for a month, makes none superfluous.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

#: How long before the newest every backup is kept.
ALL_KEPT_FOR: Final = timedelta(hours=1)
HOURS_KEPT: Final = 24
DAYS_KEPT: Final = 30


def find_superfluous(instants: Iterable[datetime]) -> list[datetime]:
    """Return the instants (UTC) of the backups that may go, oldest first; never the newest."""
    made = sorted(set(instants), reverse=True)
    kept = {instant for instant in made if instant > made[0] - ALL_KEPT_FOR}
    kept |= _find_newest_of_each(made, "%Y-%m-%d %H", HOURS_KEPT)
    kept |= _find_newest_of_each(made, "%Y-%m-%d", DAYS_KEPT)
    return sorted(set(made) - kept)


def _find_newest_of_each(made: Sequence[datetime], period: str, count: int) -> set[datetime]:
    """Return the newest of each of the last hours, or days, in which one was made."""
    newest: dict[str, datetime] = {}
    for instant in made:
        newest.setdefault(instant.strftime(period), instant)
    return set(list(newest.values())[:count])
