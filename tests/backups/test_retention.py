"""Which backups are kept: all of the last hour, hourly for a day, daily for a month."""

import random
from datetime import UTC, datetime, timedelta

from api.backups.retention import DAYS_KEPT, HOURS_KEPT, find_superfluous

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def list_every(minutes: int, count: int, end: datetime = NOON) -> list[datetime]:
    return [end - n * timedelta(minutes=minutes) for n in range(count)]


def test_of_nothing_nothing_is_superfluous():
    assert find_superfluous([]) == []


def test_all_of_the_last_hour_are_kept():
    assert find_superfluous(list_every(5, 12)) == []


def test_a_month_of_backups_every_five_minutes_leaves_a_few_dozen():
    made = list_every(5, 40 * 24 * 12)
    kept = sorted(set(made) - set(find_superfluous(made)))
    assert len(kept) == 12 + HOURS_KEPT - 2 + DAYS_KEPT - 2
    assert kept[-1] == NOON
    assert NOON - kept[0] > timedelta(days=DAYS_KEPT - 2)


def test_of_an_hour_and_of_a_day_the_newest_is_kept():
    before = [datetime(2026, 2, 20, hour, 30, tzinfo=UTC) for hour in (3, 21)]
    hourly = list_every(60, HOURS_KEPT + 1)
    later = [instant + timedelta(minutes=20) for instant in hourly[2:4]]
    made = [*before, *hourly, *later]
    assert find_superfluous(made) == sorted([before[0], hourly[-1], *hourly[2:4]])


def test_a_rest_of_years_makes_nothing_superfluous():
    old = list_every(60 * 24, DAYS_KEPT - 1, datetime(2020, 3, 2, 12, tzinfo=UTC))
    assert find_superfluous([*old, NOON]) == []


def test_the_newest_is_kept_whatever_there_is():
    chance = random.Random(5)
    for _ in range(200):
        made = [NOON - timedelta(minutes=chance.randint(0, 10**5)) for _ in range(80)]
        assert max(made) not in find_superfluous(made)


def test_thinning_out_day_by_day_leaves_what_thinning_out_once_leaves():
    made, kept = sorted(list_every(60, 24 * 50)), set()
    for instant in made:
        kept.add(instant)
        kept -= set(find_superfluous(kept))
    assert kept == set(made) - set(find_superfluous(made))
