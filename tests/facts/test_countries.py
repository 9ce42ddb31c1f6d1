"""Nationalities carry the codes that passports print, and the phone holds the same names."""

from pathlib import Path

import pytest

from api.facts.countries import countries, find_nationality, names_for_the_phone

ON_THE_PHONE = Path(__file__).parents[2] / "pwa/src/facts/countries.json"


@pytest.mark.parametrize(
    ("code", "found"),
    [("CHN", "CHN"), ("D", "D"), ("DEU", "D"), ("RKS", "RKS"), ("XKX", "RKS"), ("XXA", "XXA")],
)
def test_a_nationality_is_known_by_the_printed_code_or_that_of_iso(code, found):
    assert find_nationality(code) == found


@pytest.mark.parametrize("code", ["", "ZZZ", "chn", "UTO", "D<<"])
def test_what_no_passport_prints_is_no_nationality(code):
    assert find_nationality(code) is None


def test_all_265_nationalities_have_a_name_in_every_language():
    assert len(countries()) == 265
    assert all(all(country.names.values()) for country in countries().values())


def test_the_phone_holds_the_same_names():
    assert ON_THE_PHONE.read_text(encoding="utf-8") == names_for_the_phone(), (
        "stale: write api.facts.countries.names_for_the_phone() to pwa/src/facts/countries.json"
    )
