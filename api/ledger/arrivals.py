"""Wakes long polls when the log grew: an Event a waiter, as conditions deadlock streams."""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final
from uuid import UUID

WAITERS_AN_ACCOUNT_MAX: Final = 8
_WAITERS_MAX: Final = 5_000


class Arrivals:
    """Waiters for the next commit; stopped at shutdown so that no poll outlives the server."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._waiters: set[asyncio.Event] = set()
        self._polls: Counter[UUID] = Counter()
        self._is_stopping = False

    def announce(self) -> None:
        """Release everyone who waits."""
        for event in self._waiters:
            event.set()
        self._waiters = set()

    def stop(self) -> None:
        """Release everyone and let nobody wait again."""
        self._is_stopping = True
        self.announce()

    def count_polls(self) -> int:
        """Return how many readers wait now."""
        return self._polls.total()

    @contextmanager
    def watching(self, account_id: UUID) -> Generator[asyncio.Event]:
        """Give an event for the next commit; take it before reading, so that none is missed."""
        event = asyncio.Event()
        self._polls[account_id] += 1
        is_much = self._polls[account_id] > WAITERS_AN_ACCOUNT_MAX
        if self._is_stopping or is_much or len(self._waiters) >= _WAITERS_MAX:
            event.set()
        else:
            self._waiters.add(event)
        try:
            yield event
        finally:
            self._waiters.discard(event)
            self._polls[account_id] -= 1
            if not self._polls[account_id]:
                del self._polls[account_id]


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event at most so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
