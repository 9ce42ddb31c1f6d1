"""A telephone number has one form, however it was written."""

from api.facts.phones import normalise_phone
from tests.golden import golden


@golden("phones", "numbers")
def test_a_number_has_one_form(case):
    assert normalise_phone(case["text"]) == case["number"]


@golden("phones", "numbers")
def test_the_one_form_is_read_as_itself(case):
    number = case["number"]
    assert number is None or normalise_phone(number) == number
