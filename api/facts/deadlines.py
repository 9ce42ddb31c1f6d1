"""How long a deadline leaves in Cambodia; apart from dates, because it counts instants.

Twin: pwa/src/facts/deadlines.ts. Golden cases: tests/vectors/deadlines.json.
"""

from datetime import date, datetime, time, timedelta, timezone

from msgspec import Struct

PHNOM_PENH = timezone(timedelta(hours=7))  # no summer time, now or in 2022
_SECOND = timedelta(seconds=1)


class Countdown(Struct, frozen=True):
    """What is left of a deadline: the last day that counts, and the time until it has passed."""

    passed: bool
    last_day: date
    days: int
    hours: int
    minutes: int


def local_day(instant: datetime) -> date:
    """Give the day of the calendar in Cambodia; the last hours of year 9999 are of its last day."""
    try:
        return instant.astimezone(PHNOM_PENH).date()
    except OverflowError:
        return date.max


def is_late(received_at: datetime, deadline_at: datetime) -> bool:
    """Tell whether something came after the deadline; the whole second of the deadline counts."""
    return received_at >= deadline_at + _SECOND


def end_of_day(day: date) -> datetime:
    """Give the last second of a day in Cambodia."""
    return datetime.combine(day + timedelta(days=1), time(), PHNOM_PENH) - _SECOND


def count_down(now: datetime, deadline_at: datetime) -> Countdown:
    """Say what is left; a deadline at midnight ends the day before (`before 24` is 23)."""
    passed = is_late(now, deadline_at)
    left = max(deadline_at - now, timedelta())
    return Countdown(
        passed=passed,
        last_day=local_day(deadline_at - _SECOND),
        days=left.days,
        hours=left.seconds // 3600,
        minutes=left.seconds % 3600 // 60,
    )


def reporting_due_at(arrived_on: date, deadline_at: datetime, window_hours: int) -> datetime:
    """Give the instant until which a stay is to be reported under an order.

    The hour of arrival is not asked, so the window opens at the end of that day in Cambodia;
    whoever was there before the order has until its deadline.
    """
    return max(deadline_at, end_of_day(arrived_on) + timedelta(hours=window_hours))
