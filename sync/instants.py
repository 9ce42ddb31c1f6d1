"""Instants as the wire writes them, RFC 3339 UTC with three decimals; inside, milliseconds."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


@lru_cache(maxsize=1_024)
def write_instant(milliseconds: int) -> str:
    """Return `2022-09-20T03:11:05.123Z` for milliseconds since 1970 UTC."""
    moment = _EPOCH + milliseconds * _MILLISECOND
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def read_instant(text: str) -> int:
    """Return milliseconds since 1970 UTC; raises ValueError for any other form."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("not an instant")
    milliseconds = (moment - _EPOCH) // _MILLISECOND
    # fromisoformat also takes weeks, offsets, other separators and other decimals.
    if write_instant(milliseconds) != text:
        raise ValueError("not an instant with milliseconds in UTC")
    return milliseconds
