"""Text is refused, stored and compared as the golden cases say."""

from api.facts import values
from tests.golden import golden


@golden("values", "faults")
def test_a_text_that_deceives_or_breaks_is_found(case):
    assert values.find_text_fault(case["text"], lines=case["lines"]) == case["fault"]


def test_half_a_surrogate_pair_is_found():
    assert values.find_text_fault("\ud83d") == "control"


@golden("values", "is_nfc")
def test_the_normal_form_is_recognised(case):
    assert values.is_nfc(case["text"]) == case["nfc"]


@golden("values", "normalise_text")
def test_typed_text_is_stored_in_one_form(case):
    assert values.normalise_text(case["text"]) == case["stored"]


@golden("values", "clean_text")
def test_what_a_phone_keeps_of_a_text_is_fit_for_the_register(case):
    assert values.find_text_fault(case["stored"], lines=case["lines"]) is None
    assert values.normalise_text(case["stored"]) == case["stored"]


@golden("values", "strip_zero_width")
def test_what_has_no_width_is_stripped(case):
    assert values.strip_zero_width(case["text"]) == case["stripped"]


@golden("values", "fold_digits")
def test_khmer_digits_count_as_digits(case):
    assert values.fold_digits(case["text"]) == case["folded"]


@golden("values", "comparable")
def test_texts_that_look_the_same_compare_as_the_same(case):
    assert values.comparable(case["text"]) == case["folded"]


@golden("values", "document_numbers")
def test_a_document_number_is_compared_without_its_separators(case):
    assert values.normalise_document_number(case["text"]) == case["normalised"]
