"""Dates are read as people know them, and never guessed."""

from datetime import date

import msgspec

from api.facts import dates
from tests.golden import golden


@golden("dates", "boxes")
def test_three_boxes_are_read(case):
    reading = dates.read_date(case["day"], case["month"], case["year"])
    assert reading == msgspec.convert(case["reading"], dates.DateReading)


@golden("dates", "typed")
def test_a_date_typed_in_one_field_is_read(case):
    reading = dates.read_typed_date(case["text"])
    assert reading == msgspec.convert(case["reading"], dates.DateReading)


@golden("dates", "partial")
def test_only_dates_of_the_calendar_are_dates(case):
    assert dates.is_partial_date(case["text"]) == case["is_partial"]
    assert dates.is_full_date(case["text"]) == case["is_full"]


@golden("dates", "span")
def test_a_partial_date_spans_the_days_it_may_mean(case):
    assert dates.earliest_day(case["text"]).isoformat() == case["first"]
    assert dates.latest_day(case["text"]).isoformat() == case["last"]


@golden("dates", "years_after")
def test_years_are_added_on_the_calendar(case):
    day = date.fromisoformat(case["day"])
    assert dates.years_after(day, case["years"]).isoformat() == case["result"]


@golden("dates", "births")
def test_a_birth_is_plausible_within_a_life(case):
    today = date.fromisoformat(case["today"])
    assert dates.is_plausible_birth(case["text"], today) == case["plausible"]


@golden("dates", "expiries")
def test_an_expiry_is_plausible_within_its_window(case):
    day, today = date.fromisoformat(case["day"]), date.fromisoformat(case["today"])
    assert dates.is_plausible_expiry(day, today) == case["plausible"]


@golden("dates", "khmer")
def test_a_date_is_written_in_the_long_khmer_form(case):
    assert dates.format_khmer_date(case["text"]) == case["written"]
