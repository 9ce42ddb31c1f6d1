"""A deadline is counted down where Cambodia's clocks stand."""

from datetime import date, datetime

import msgspec

from api.facts import deadlines
from tests.golden import golden


@golden("deadlines", "countdowns")
def test_a_deadline_leaves_days_hours_and_minutes(case):
    now, deadline_at = map(datetime.fromisoformat, (case["now"], case["deadline_at"]))
    left = deadlines.count_down(now, deadline_at)
    assert left == msgspec.convert(case["left"], deadlines.Countdown)


@golden("deadlines", "days")
def test_the_day_is_that_of_cambodia(case):
    instant = datetime.fromisoformat(case["instant"])
    assert deadlines.local_day(instant).isoformat() == case["day"]


@golden("deadlines", "due")
def test_a_stay_is_due_a_window_after_arrival_and_never_before_the_deadline(case):
    due_at = deadlines.reporting_due_at(
        date.fromisoformat(case["arrived_on"]),
        datetime.fromisoformat(case["deadline_at"]),
        case["window_hours"],
    )
    assert due_at == datetime.fromisoformat(case["due_at"])


def test_the_end_of_all_calendars_is_still_a_day():
    instant = datetime.fromisoformat("9999-12-31T23:59:59+00:00")
    assert deadlines.local_day(instant) == date.max
