"""Wakes long polls when the log grew: an Event a waiter, as conditions deadlock streams."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final

_WAITERS_MAX: Final = 5_000


class Arrivals:
    """Waiters for the next commit; stopped at shutdown so that no poll outlives the server."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._waiters: set[asyncio.Event] = set()
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

    @contextmanager
    def watching(self) -> Generator[asyncio.Event]:
        """Give an event for the next commit; take it before reading, so that none is missed."""
        event = asyncio.Event()
        if self._is_stopping or len(self._waiters) >= _WAITERS_MAX:
            event.set()
        else:
            self._waiters.add(event)
        try:
            yield event
        finally:
            self._waiters.discard(event)


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event at most so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
