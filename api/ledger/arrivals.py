"""Wakes long polls when the log grew: an Event a waiter, as conditions deadlock streams."""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Final
from uuid import UUID

from api.limits import POLLS_MAX, POLLS_OF_AN_ACCOUNT_MAX, WOKEN_A_SECOND_MAX

_SECOND: Final = 1


class Arrivals:
    """Waiters for the next commit; stopped at shutdown so that no poll outlives the server.

    Each who is woken reads anew: were all woken at each commit, a thousand phones that look on
    would cost more than all that the others send. So there is news for some of them each second.
    """

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._waiting: dict[asyncio.Event, None] = {}
        self._owed: dict[asyncio.Event, None] = {}
        self._polls: Counter[UUID] = Counter()
        self._left = WOKEN_A_SECOND_MAX
        self._pause: asyncio.TimerHandle | None = None
        self._is_stopping = False

    def announce(self) -> None:
        """Release everyone who waits now, the longest waiting first."""
        self._owed |= self._waiting
        self._waiting = {}
        self._wake()

    def stop(self) -> None:
        """Release everyone at once and let nobody wait again."""
        self._is_stopping = True
        if self._pause is not None:
            self._pause.cancel()
        for event in (*self._owed, *self._waiting):
            event.set()

    def count_polls(self) -> int:
        """Return how many readers wait now."""
        return self._polls.total()

    @contextmanager
    def watching(self, account_id: UUID) -> Generator[asyncio.Event]:
        """Give an event for the next commit; take it before reading, so that none is missed."""
        event = asyncio.Event()
        self._polls[account_id] += 1
        is_much = self._polls[account_id] > POLLS_OF_AN_ACCOUNT_MAX
        if self._is_stopping or is_much or len(self._waiting) + len(self._owed) >= POLLS_MAX:
            event.set()
        else:
            self._waiting[event] = None
        try:
            yield event
        finally:
            self._waiting.pop(event, None)
            self._owed.pop(event, None)
            self._polls[account_id] -= 1
            if not self._polls[account_id]:
                del self._polls[account_id]

    def _wake(self) -> None:
        """Wake as many as this second has left; the next one goes on."""
        while self._owed and self._left:
            event = next(iter(self._owed))
            del self._owed[event]
            event.set()
            self._left -= 1
        if self._left < WOKEN_A_SECOND_MAX and self._pause is None:
            self._pause = asyncio.get_running_loop().call_later(_SECOND, self._go_on)

    def _go_on(self) -> None:
        self._pause, self._left = None, WOKEN_A_SECOND_MAX
        self._wake()


async def wait_for(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event at most so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
