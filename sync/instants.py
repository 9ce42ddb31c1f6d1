"""Instants as the wire writes them: RFC 3339 UTC with exactly three decimals, and milliseconds since 1970 inside."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_LENGTH: Final = len("2022-09-20T03:11:05.123Z")


def write_instant(milliseconds: int) -> str:
    """Return `2022-09-20T03:11:05.123Z` for milliseconds since 1970 UTC."""
    moment = _EPOCH + milliseconds * _MILLISECOND
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def read_instant(text: str) -> int:
    """Return milliseconds since 1970 UTC; raises ValueError for any other form."""
    if len(text) != _LENGTH or text[19] != "." or text[23] != "Z":
        message = "not an instant with milliseconds in UTC"
        raise ValueError(message)
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MILLISECOND
