"""Rates of accounts and addresses: counted here for a while, then in the database for everybody.

A process takes uses from the database many at a time, and whoever needs some while it asks shares
the next commit: a request costs a look into a dictionary. In any window a holder has at most
`count_max` uses and `uncounted` more a process; a process that starts anew forgets only the latter.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from uuid import UUID

from api.admission import store
from api.admission.records import Lease, Purse
from api.admission.rules import hide
from api.database.engine import Engine
from api.limits import (
    PURSES_MAX,
    REGISTRATIONS,
    REQUESTS_OF_AN_ACCOUNT,
    REQUESTS_OF_AN_ADDRESS,
    Rate,
)
from api.problems import Overloaded, StorageFull, TooManyRequests


class Rates:
    """The rates of one register, as one process meets them."""

    def __init__(
        self,
        engine: Engine,
        log: str,
        clock: Callable[[], int],
        *,
        secret: bytes,
        free: frozenset[str],
        of_account: Rate = REQUESTS_OF_AN_ACCOUNT,
    ) -> None:
        """Count addresses under a secret; those in `free` do as they like."""
        self._engine = engine
        self._log = log
        self._clock = clock
        self._secret = secret
        self._free = free
        self._of_account = of_account
        self._purses: dict[tuple[str, bytes], Purse] = {}
        self._turn = asyncio.Lock()
        self._empty: dict[int, Purse] = {}

    def hide(self, address: str) -> bytes:
        """Return the holder that an address is."""
        return hide(address, self._secret)

    async def admit(self, rate: Rate, holder: bytes) -> None:
        """Use one; raises TooManyRequests when none is left."""
        purse = self._find_purse(rate, holder)
        while not purse.take():
            if purse.is_spent:
                raise self._refuse(purse.ends_ms)
            await self._fill(purse)

    async def admit_account(self, account_id: UUID) -> None:
        """Let a request of an account pass; raises TooManyRequests."""
        await self.admit(self._of_account, account_id.bytes)

    async def admit_address(self, address: str) -> None:
        """Let a request pass that nobody signed in for; raises TooManyRequests."""
        if address not in self._free:
            await self.admit(REQUESTS_OF_AN_ADDRESS, self.hide(address))

    async def spend_registration(self, address: str) -> None:
        """Count a registration where all processes see it; raises TooManyRequests."""
        if address in self._free:
            return
        asked = [(REGISTRATIONS, self.hide(address))]
        now_ms = self._clock()
        work = partial(store.take, log=self._log, now_ms=now_ms, asked=asked)
        self.check(*await self._engine.write(work))

    def check(self, lease: Lease) -> None:
        """Raise TooManyRequests, with the end of the window, when nothing was granted."""
        if not lease.granted:
            raise self._refuse(lease.ends_ms)

    def _refuse(self, ends_ms: int) -> TooManyRequests:
        return TooManyRequests(retry_after=max(1, -(-(ends_ms - self._clock()) // 1000)))

    def _find_purse(self, rate: Rate, holder: bytes) -> Purse:
        now_ms, key = self._clock(), (rate.name, holder)
        purse = self._purses.get(key)
        if purse is not None and now_ms < purse.ends_ms <= now_ms + 2 * rate.window_ms:
            return purse
        if len(self._purses) >= PURSES_MAX:
            self._forget(now_ms)
        purse = Purse(rate, holder, rate.uncounted, now_ms + rate.window_ms)
        self._purses[key] = purse
        return purse

    async def _fill(self, purse: Purse) -> None:
        """Ask for more, together with all who do so meanwhile."""
        self._empty[id(purse)] = purse
        async with self._turn:
            if id(purse) in self._empty:
                await self._fill_all()

    async def _fill_all(self) -> None:
        asking = list(self._empty.values())
        self._empty = {}
        asked = [(purse.rate, purse.holder) for purse in asking]
        now_ms = self._clock()
        work = partial(store.take, log=self._log, now_ms=now_ms, asked=asked)
        try:
            leases = await self._engine.write(work)
        except (Overloaded, StorageFull):
            # Reading goes on where nothing can be written: each process counts by itself.
            leases = [Lease(rate.lease, now_ms + rate.window_ms) for rate, _ in asked]
        for purse, lease in zip(asking, leases, strict=True):
            purse.put_in(lease)

    def _forget(self, now_ms: int) -> None:
        """Forget windows that are over, and the older half of the others when that is not enough.

        What was leased is counted all the same.
        """
        live = {key: purse for key, purse in self._purses.items() if purse.ends_ms > now_ms}
        kept = list(live)[-PURSES_MAX // 2 :]
        self._purses = {key: live[key] for key in kept}
