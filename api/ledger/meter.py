"""Counts the bytes that each account puts down a day, because a log never gets smaller.

Kept in memory: a restart forgets a day, which nobody but the operator can bring about.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from api.access import Role

MIB: Final = 1024 * 1024
#: Two thousand people with their papers; an evening's work is five hundred.
UNVERIFIED_BYTES_A_DAY: Final = 4 * MIB
PERSON_BYTES_A_DAY: Final = 64 * MIB
#: Whoever sends what others signed, or imports a province.
PROGRAM_BYTES_A_DAY: Final = 2048 * MIB
_PROGRAMS: Final = ("client", "node", "register")
_DAY_MS: Final = 86_400_000


def allow_bytes(role: Role, state: str) -> int:
    """Return how many bytes somebody may put down a day."""
    if role in _PROGRAMS:
        return PROGRAM_BYTES_A_DAY
    return PERSON_BYTES_A_DAY if state == "active" else UNVERIFIED_BYTES_A_DAY


class Meter:
    """What each account put down since midnight UTC, and what it is about to."""

    def __init__(self) -> None:
        """Start with nothing used."""
        self._day = 0
        self._used: Counter[UUID] = Counter()

    def take(
        self, account_id: UUID, sizes: Sequence[int], *, bytes_max: int, now_ms: int
    ) -> list[int]:
        """Count the first of these sizes, as many as the day has room for; return them."""
        self._turn(now_ms)
        taken: list[int] = []
        for size in sizes:
            if self._used[account_id] + size > bytes_max:
                break
            self._used[account_id] += size
            taken.append(size)
        return taken

    def give_back(self, account_id: UUID, size: int, now_ms: int) -> None:
        """Count less: of what was taken so much was not put down."""
        self._turn(now_ms)
        self._used[account_id] = max(0, self._used[account_id] - size)

    def _turn(self, now_ms: int) -> None:
        day = now_ms // _DAY_MS
        if day != self._day:
            self._day = day
            self._used.clear()
