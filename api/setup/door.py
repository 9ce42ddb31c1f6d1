"""The door of the set-up page: a code of the terminal that ten wrong tries close for good."""

import asyncio
from typing import Final, NamedTuple

from api.setup.rules import opens

TRIES_MAX: Final = 10


class Passed(NamedTuple):
    """What was sent by whom the door let through, and the page that he was shown."""

    sent: dict[str, str]
    page: str


class Door:
    """Opens to one code until it was tried too often; the next start makes another code."""

    def __init__(self, code: str) -> None:
        """Stand before the page; without a code it is never open."""
        self._code = code
        self._left = TRIES_MAX if code else 0
        self.turn = asyncio.Lock()
        self.passed: Passed | None = None

    @property
    def is_closed(self) -> bool:
        """Whether no code opens any more; the command `sangkat setup` still does."""
        return self._left == 0

    def opens_to(self, typed: str) -> bool:
        """Say whether what was typed is the code, and count it when it is not."""
        if self.is_closed:
            return False
        if opens(self._code, typed):
            return True
        self._left -= 1
        return False
