"""Paper shows the clock and the calendar of Cambodia."""

import pytest

from api.printing.dates import tell_instant
from api.printing.records import Language
from api.printing.typesetting import load_words


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("km", "ថ្ងៃទី១ ខែធ្នូ ឆ្នាំ២០២៦ ម៉ោង ០០:៣០"),
        ("en", "1 December 2026, 00:30"),
        ("zh", "2026年12月1日 00:30"),
    ],
)
def test_what_came_after_midnight_in_cambodia_is_of_the_new_day(language: Language, told: str):
    assert tell_instant("2026-11-30T17:30:00.000Z", load_words(language), language) == told
