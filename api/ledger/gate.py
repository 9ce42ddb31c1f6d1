"""Whether a register may collect now; apart because every way into the log has to pass it."""

from collections.abc import Callable, Iterable
from typing import Final

from api.problems import ClockInDoubt, NotSetUp

#: Nothing rests on when these came, and a key has to end whatever the clock says.
_TIMELESS: Final = frozenset({"account", "order", "pledge_text", "revocation"})


class Gate:
    """Open until it is closed for kinds of document that hold people's data (domain.md, 6)."""

    def __init__(self) -> None:
        """Let everything pass."""
        self._refused: frozenset[str] = frozenset()
        self._is_lost: Callable[[], bool] = lambda: False

    @property
    def is_open(self) -> bool:
        """Whether the register collects."""
        return not self._refused

    def close(self, kinds: frozenset[str]) -> None:
        """Refuse these kinds until somebody answers for the register."""
        self._refused = kinds

    def open(self) -> None:
        """Collect from now on."""
        self._refused = frozenset()

    def watch(self, is_lost: Callable[[], bool]) -> None:
        """Refuse whatever needs a date as long as the clock is lost."""
        self._is_lost = is_lost

    def check(self, kinds: Iterable[str]) -> None:
        """Raise NotSetUp or ClockInDoubt when any of these may not be collected now."""
        named = frozenset(kinds)
        if not self._refused.isdisjoint(named):
            raise NotSetUp
        if not named <= _TIMELESS and self._is_lost():
            raise ClockInDoubt
