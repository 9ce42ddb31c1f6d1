"""How much is in progress at a time: each kind of work has its places, bodies have their room.

Whoever finds none is refused at once, before what his request costs is paid; nobody is queued here.
"""

from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final, Self
from uuid import UUID

from api.admission.rules import Work
from api.limits import (
    ACCOUNT_MAX,
    BODIES_BYTES_MAX,
    BODIES_OF_ONE_BYTES_MAX,
    ENTERING_MAX,
    PUBLIC_MAX,
    READING_MAX,
    WRITING_MAX,
)
from api.problems import Overloaded, TooManyRequests

PLACES: Final[Mapping[Work, int]] = {
    "entering": ENTERING_MAX,
    "public": PUBLIC_MAX,
    "reading": READING_MAX,
    "writing": WRITING_MAX,
}


class Turns:
    """The requests in progress in this process."""

    def __init__(self, places: Mapping[Work, int] = PLACES, account_max: int = ACCOUNT_MAX) -> None:
        """Start with none; kinds of work that are not named have no bound."""
        self._places = places
        self._account_max = account_max
        self._busy: Counter[Work] = Counter()
        self._accounts: Counter[UUID] = Counter()

    def take(self, work: Work) -> "Turn":
        """Return a place that is held while its block lasts; raises Overloaded where none is free.

        It is taken before anything is looked up: a crowd would else wait where tokens are.
        """
        if self._busy[work] >= self._places.get(work, self._busy[work] + 1):
            raise Overloaded
        return Turn(self, work)

    def check_account(self, account_id: UUID) -> None:
        """Raise TooManyRequests where an account has all the places that one may have."""
        if self._accounts[account_id] >= self._account_max:
            raise TooManyRequests

    def count(self, work: Work, account_id: UUID | None, step: int) -> None:
        """Count one more in progress, or one less."""
        self._busy[work] += step
        if account_id is None:
            return
        self._accounts[account_id] += step
        if not self._accounts[account_id]:
            del self._accounts[account_id]


class Turn:
    """One request's place."""

    def __init__(self, turns: Turns, work: Work) -> None:
        """Use `Turns.take` instead."""
        self._turns = turns
        self._work: Work = work
        self._account_id: UUID | None = None

    def __enter__(self) -> Self:
        """Take the place."""
        self._turns.count(self._work, self._account_id, 1)
        return self

    def __exit__(self, *_: object) -> None:
        """Leave it."""
        self._turns.count(self._work, self._account_id, -1)

    def belong_to(self, account_id: UUID) -> None:
        """Count the place for an account from now on; raises TooManyRequests."""
        self._turns.check_account(account_id)
        self.__exit__()
        self._account_id = account_id
        self.__enter__()

    @contextmanager
    def resting(self) -> Generator[None]:
        """Leave the place to others while there is nothing to do but wait: for news, for a body."""
        self.__exit__()
        try:
            yield
        finally:
            # Whoever was let in before is not turned away in the middle: those who come now are.
            self.__enter__()


class Room:
    """The memory that bodies take, from their first byte until they are answered."""

    def __init__(self) -> None:
        """Start empty."""
        self._held = 0
        self._holders: Counter[UUID | str] = Counter()

    @contextmanager
    def shared(self, holder: UUID | str) -> Generator["Holding"]:
        """Give one request of an account or address a part, free again when the block ends."""
        holding = Holding(self, holder)
        try:
            yield holding
        finally:
            self._held -= holding.size
            self._holders[holder] -= holding.size
            if not self._holders[holder]:
                del self._holders[holder]

    def take(self, size: int) -> None:
        """Hold more; raises Overloaded where there is no more."""
        if self._held + size > BODIES_BYTES_MAX:
            raise Overloaded
        self._held += size

    def take_for(self, holder: UUID | str, size: int) -> None:
        """Hold more for one, who has a share only; raises TooManyRequests and Overloaded.

        Who sends slowly holds no place meanwhile, so that nothing else bounds him.
        """
        if self._holders[holder] + size > BODIES_OF_ONE_BYTES_MAX:
            raise TooManyRequests
        self.take(size)
        self._holders[holder] += size


class Holding:
    """What one request holds."""

    def __init__(self, room: Room, holder: UUID | str) -> None:
        """Hold nothing yet."""
        self._room = room
        self._holder = holder
        self.size = 0

    def grow(self, size: int) -> None:
        """Hold so many bytes more; raises TooManyRequests and Overloaded."""
        self._room.take_for(self._holder, size)
        self.size += size
