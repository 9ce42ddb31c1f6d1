"""The register's own clock, which distrusts jumps: machines forget what day it is."""

import time
from collections.abc import Callable
from typing import Final

JUMP_MS: Final = 86_400_000
#: A register may have been off for so long without anybody being asked.
OFF_MS_MAX: Final = 30 * JUMP_MS
# Where there is one, the clock that goes on while the machine sleeps.
_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def steady_ms() -> int:
    """Return milliseconds since some instant; nobody sets this clock."""
    return time.clock_gettime_ns(_STEADY) // 1_000_000


class RegisterClock:
    """Tells the time, and whether it agrees with the time that has passed since it last agreed.

    In doubt nothing is deleted for its age. A running register goes on with the time that passed;
    one that was off cannot know for how long, and takes the later of the two. Further ahead than
    a register is off, the clock is lost: time goes on from the last instant, and nothing that needs
    a date may come in, because an entry keeps its date for good.
    """

    def __init__(
        self, wall: Callable[[], int], steady: Callable[[], int], last_ms: int | None
    ) -> None:
        """Begin at the last instant that the data know of, or at the machine's in new data."""
        self._wall = wall
        self._steady = steady
        self._agreed = (wall() if last_ms is None else last_ms, steady())
        self._was_off = last_ms is not None

    def __call__(self) -> int:
        """Return milliseconds since 1970 UTC."""
        wall, expected = self._wall(), self._expected()
        if abs(wall - expected) <= JUMP_MS:
            self._agree(wall)
            return wall
        return max(wall, expected) if self._was_off and not self.is_lost() else expected

    def find_doubt(self) -> str | None:
        """Return in words why the machine's clock is not believed; None when it is."""
        jump = self._wall() - self._expected()
        if abs(jump) <= JUMP_MS:
            return None
        way = "ahead of" if jump > 0 else "behind"
        doubt = f"{abs(jump) // JUMP_MS} days {way} the time that has passed"
        return f"{doubt}; nothing is collected meanwhile" if self.is_lost() else doubt

    def is_lost(self) -> bool:
        """Say whether a start found the clock further ahead than a register is off."""
        return self._was_off and self._wall() - self._expected() > OFF_MS_MAX

    def confirm(self) -> None:
        """Believe the machine's clock: a person has looked."""
        self._agree(self._wall())

    def hear(self, believed_ms: int | None) -> None:
        """Believe the machine's clock when another process of the register does."""
        if believed_ms is not None and abs(self._wall() - believed_ms) <= JUMP_MS:
            self.confirm()

    def _expected(self) -> int:
        ms, at = self._agreed
        return ms + self._steady() - at

    def _agree(self, ms: int) -> None:
        self._agreed = (ms, self._steady())
        self._was_off = False
