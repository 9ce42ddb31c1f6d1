"""The short way through sound JSON gives what the long way gives, and lets nothing else pass."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.messages import SAFE_INTEGER_MAX
from sync.strict_json import _read_slowly, read_json

DEPTH = 16
NUMBERS = st.integers(-SAFE_INTEGER_MAX, SAFE_INTEGER_MAX) | st.floats(allow_nan=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS.filter(lambda value: abs(value) < 1e300) | st.text(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_compact_and_spaced_json_read_alike(value):
    for separators in ((",", ":"), (", ", ": ")):
        text = json.dumps(value, separators=separators, ensure_ascii=False)
        assert read_json(text, DEPTH) == _read_slowly(text) == value


@pytest.mark.parametrize("frame", ['{"a":%s}', '{"a":1,"b":%s}', "[%s]", "[1,%s]", "%s"])
@pytest.mark.parametrize("number", ["9007199254740993", "-9007199254740993", "99999999999999999"])
def test_an_integer_beyond_2_to_the_53_is_refused_wherever_it_stands(frame, number):
    with pytest.raises(ValueError, match="beyond"):
        read_json(frame % number, DEPTH)


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '["\\ud800"]', "[1e400]", "[NaN]", "{}x"]
)
def test_what_two_parsers_could_read_apart_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        read_json(text, DEPTH)
