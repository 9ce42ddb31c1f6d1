"""Counts what an address or account did in a window of time, and says when it is too much."""

from collections import deque
from typing import Final

_KEYS_MAX: Final = 50_000


class Budget:
    """At most `count_max` uses a key in `window_ms`; keys in `free` are never counted."""

    def __init__(self, count_max: int, window_ms: int, free: frozenset[str] = frozenset()) -> None:
        """Start with nothing used."""
        self._count_max = count_max
        self._window_ms = window_ms
        self._free = free
        self._uses: dict[str, deque[int]] = {}

    def spend(self, key: str, now_ms: int) -> bool:
        """Count one use; return False when the budget of this key is used up."""
        if key in self._free:
            return True
        if len(self._uses) >= _KEYS_MAX:
            self._forget(now_ms)
        uses = self._uses.setdefault(key, deque())
        while uses and uses[0] <= now_ms - self._window_ms:
            uses.popleft()
        if len(uses) >= self._count_max:
            return False
        uses.append(now_ms)
        return True

    def _forget(self, now_ms: int) -> None:
        old = now_ms - self._window_ms
        self._uses = {key: uses for key, uses in self._uses.items() if uses and uses[-1] > old}
