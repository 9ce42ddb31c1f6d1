"""Counts what an address did in a window of time, and says when it is too much."""

from collections import deque
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

_KEYS_MAX: Final = 50_000
_HOUSEHOLD_BITS: Final = 64


def find_household(address: str) -> str:
    """Return what is counted as one: an IPv4 address, or the /64 that one line of IPv6 gets."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, _HOUSEHOLD_BITS), strict=False))


class Budget:
    """At most `count_max` uses a household in `window_ms`; addresses in `free` are not counted."""

    def __init__(self, count_max: int, window_ms: int, free: frozenset[str] = frozenset()) -> None:
        """Start with nothing used."""
        self._count_max = count_max
        self._window_ms = window_ms
        self._free = free
        self._uses: dict[str, deque[int]] = {}

    def spend(self, address: str, now_ms: int) -> bool:
        """Count one use; return False when the budget of this address is used up."""
        if address in self._free:
            return True
        key = find_household(address)
        if len(self._uses) >= _KEYS_MAX:
            self._forget(now_ms)
        uses = self._uses.setdefault(key, deque())
        while uses and uses[0] <= now_ms - self._window_ms:
            uses.popleft()
        if len(uses) >= self._count_max:
            return False
        uses.append(now_ms)
        return True

    def give_back(self, address: str) -> None:
        """Uncount the last use: it was none of those that are bounded."""
        uses = self._uses.get(find_household(address))
        if uses:
            uses.pop()

    def _forget(self, now_ms: int) -> None:
        old = now_ms - self._window_ms
        self._uses = {key: uses for key, uses in self._uses.items() if uses and uses[-1] > old}
