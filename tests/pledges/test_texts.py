"""The texts that ship: two, in three languages, with the hash of exactly what is displayed."""

import hashlib

import pytest
from msgspec.structs import replace

from api.pledges.records import PledgeText
from api.pledges.rules import check_text, describe_text, hash_of, read_wording
from api.pledges.store import load_shipped
from sync.keys import encode_base64url

TEXTS = {known.text.text_id: known.text for known in load_shipped()}


def test_the_short_text_holds_what_was_reported_and_the_long_all_ten_clauses():
    assert set(TEXTS) == {"psh-2022-short", "psh-2022-long"}
    for text_id, numbers in (
        ("psh-2022-short", [1, 2, 3, 4, 10]),
        ("psh-2022-long", [*range(1, 11)]),
    ):
        for wording in TEXTS[text_id].languages.values():
            assert [clause.n for clause in wording.clauses] == numbers


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_comes_in_three_languages_and_is_a_draft(text: PledgeText):
    assert set(text.languages) == {"km", "en", "zh"}
    assert describe_text(text).status == "draft"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_closing_carries_the_exceptions_and_puts_nobody_out(text: PledgeText):
    assert "Except the persons whom I reported" in text.languages["en"].closing
    assert "no ground to put that person out" in text.languages["en"].closing


def test_a_text_is_approved_when_somebody_and_a_day_are_recorded():
    text = TEXTS["psh-2022-short"]
    assert describe_text(replace(text, approved_by="TEST DATA")).status == "draft"
    approved = replace(text, approved_by="TEST DATA", approved_on="2026-03-02")
    assert describe_text(approved).status == "approved"


def test_the_hash_is_of_the_exact_text():
    _, wording = read_wording("---\nlanguage: en\n---\n\n# T\n\nP\n\n1. One\n\n2. Two\n\nC\n")
    exact = "T\n\nP\n\n1. One\n\n2. Two\n\nC"
    assert wording.hash == encode_base64url(hashlib.sha256(exact.encode()).digest())


def test_a_text_whose_hash_is_of_another_wording_is_refused():
    text = TEXTS["psh-2022-short"]
    other = replace(text.languages["en"], closing="TEST DATA")
    assert check_text(text, {}) == ()
    (error,) = check_text(replace(text, languages={"en": other}), {})
    assert error.pointer == "/body/languages/en/hash"
    assert (
        check_text(replace(text, languages={"en": replace(other, hash=hash_of(other))}), {}) == ()
    )


def test_a_paragraph_without_a_number_is_no_clause():
    with pytest.raises(ValueError, match="no numbered clause"):
        read_wording("---\nlanguage: en\n---\n\n# T\n\nP\n\nOne\n\nC\n")
