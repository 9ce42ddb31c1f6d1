"""What a problem echoes of the caller's names is short and can be shown."""

import pytest

from sync.messages import DEPTH_MAX, STEP_MAX, FieldError


@pytest.mark.parametrize(
    ("pointer", "shown"),
    [
        ("/body/visa/class", "/body/visa/class"),
        ("/body/ឈ្មោះ", "/body/ឈ្មោះ"),
        ("/body/" + "x" * 100_000 + "/0", "/body/" + "x" * STEP_MAX + "…/0"),
        ("/body/\u202eevil\x00\ud800", "/body/\ufffdevil\ufffd\ufffd"),
    ],
)
def test_a_pointer_is_cut_and_cleaned(pointer: str, shown: str):
    assert FieldError(pointer, "field.text").pointer == shown


def test_the_deepest_pointer_has_an_end():
    pointer = FieldError("/a" * 100_000, "field.text").pointer
    assert len(pointer) <= 2 * DEPTH_MAX * (STEP_MAX + 2)
