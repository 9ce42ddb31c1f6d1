"""Whether a register may collect yet; apart because every way into the log has to pass it."""

from collections.abc import Iterable

from api.problems import NotSetUp


class Gate:
    """Open until it is closed for kinds of document that hold people's data (domain.md, 6)."""

    def __init__(self) -> None:
        """Let everything pass."""
        self._refused: frozenset[str] = frozenset()

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

    def check(self, kinds: Iterable[str]) -> None:
        """Raise NotSetUp when any of these may not be collected yet."""
        if not self._refused.isdisjoint(kinds):
            raise NotSetUp(retry_after=3_600)
