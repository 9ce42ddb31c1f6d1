"""A name is found however it is spelt, and written as a passport prints it."""

from hypothesis import given
from hypothesis import strategies as st

from api.facts.khmer import fold_khmer
from api.facts.names import mrz_name, name_key, name_matches
from api.facts.values import strip_zero_width
from tests.golden import golden


@golden("names", "keys")
def test_a_name_is_folded_to_its_key(case):
    key = name_key(*case["name"])
    assert sorted(key.tokens) == case["tokens"]
    assert key.joined == case["joined"]


@golden("names", "matches")
def test_a_query_finds_what_it_means(case):
    assert name_matches(case["query"], name_key(*case["name"])) == case["found"]


@golden("names", "khmer")
def test_khmer_spellings_that_read_the_same_are_one(case):
    one, other = (fold_khmer(strip_zero_width(case[side])) for side in ("one", "other"))
    assert (one == other) == case["same"]


@golden("names", "khmer")
def test_folding_khmer_twice_changes_nothing(case):
    folded = fold_khmer(case["one"])
    assert fold_khmer(folded) == folded


@golden("names", "mrz")
def test_a_typed_name_is_written_as_passports_print_it(case):
    assert mrz_name(case["text"]) == case["printed"]


@given(st.text(st.characters(max_codepoint=127)))
def test_a_plain_name_takes_no_other_way_than_one_with_a_sign_that_folds_away(text):
    assert name_key(text) == name_key("\u200b" + text)
