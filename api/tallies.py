"""What a register counts of its work: plain numbers, apart because counting needs no package."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

REQUEST_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
COMMIT_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
GROUP_DOCUMENTS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)


class Spread:
    """How often a number was how large: one count for each bound, one for what is above them."""

    def __init__(self, bounds: Sequence[float]) -> None:
        """Count nothing yet; bounds ascend and belong to what they bound."""
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, number: float) -> None:
        """Count one number."""
        self.counts[bisect_left(self.bounds, number)] += 1
        self.total += number


class Tallies:
    """Everything that is counted since the start; names are the program's own, never a caller's."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.in_progress = 0
        #: By operation and first digit of the status; 0 where the caller left before the answer.
        self.requests: Counter[tuple[str, int]] = Counter()
        self.durations: dict[str, Spread] = {}
        #: Codes of whole requests, and of single documents.
        self.refusals: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.custody: Counter[str] = Counter()
        self.groups = Spread(GROUP_DOCUMENTS)
        self.commits = Spread(COMMIT_SECONDS)
        self.upkeep: Counter[str] = Counter()
        #: By outcome: made, or failed where the server makes them by itself.
        self.backups: Counter[str] = Counter()
        #: When the last backup was whole; None until one was made in a folder.
        self.backed_up_seconds: float | None = None

    def count_request(self, operation: str, status: int, seconds: float) -> None:
        """Count a request that has ended."""
        self.requests[operation, status // 100] += 1
        spread = self.durations.get(operation)
        if spread is None:
            spread = self.durations[operation] = Spread(REQUEST_SECONDS)
        spread.add(seconds)
