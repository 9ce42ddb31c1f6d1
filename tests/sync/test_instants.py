"""Instants have one spelling."""

import pytest

from sync.instants import read_instant, write_instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022-09-20",
        "2022-09-20T03:11:05Z",
        "2022-09-20T03:11:05.1234Z",
        "2022-09-20T03:11:05.123z",
        "2022-09-20 03:11:05.123Z",
        "2022-09-20T03:11:05.123+00:00",
        "2022-9-20T03:11:05.1230Z",
        "2022-09- 1T03:11:05.123Z",
        "2022-13-20T03:11:05.123Z",
        "2022-02-30T03:11:05.123Z",
        "2022-09-20T24:00:00.000Z",
        "2022-09-20T03:11:61.123Z",
        "២០២២-០៩-២០T០៣:១១:០៥.១២៣Z",
        "0000-09-20T03:11:05.123Z",
    ],
)
def test_another_spelling_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_instant(text)


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2022-09-20T03:11:05.123Z", 1_663_643_465_123),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ],
)
def test_an_instant_is_milliseconds_since_1970(text, milliseconds):
    assert read_instant(text) == milliseconds
    assert write_instant(milliseconds) == text
