"""A masked number shows at most its last three signs."""

from api.facts.masking import mask_number
from tests.golden import golden


@golden("masking", "numbers")
def test_a_number_is_masked_but_for_its_end(case):
    assert mask_number(case["text"]) == case["masked"]
