"""Puts looks down while many look at once: those that wait for the writer share one commit.

Apart from the store, because it waits; whoever looked is answered only when his row is durable.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from msgspec import Struct

from api.audit.records import Look
from api.audit.store import record_looks
from api.database.engine import Engine, Transaction


class _Waiting(Struct, eq=False):
    look: Look
    is_down: bool = False


class Watch:
    """The audit log of one register, as readers meet it."""

    def __init__(self, engine: Engine, log: str, clock: Callable[[], int]) -> None:
        """Write through the engine's one writer, by the register's clock."""
        self._engine = engine
        self._log = log
        self._clock = clock
        self._turn = asyncio.Lock()
        self._waiting: list[_Waiting] = []

    async def put_down(self, look: Look) -> None:
        """Return when the look is durable; raises what the database raises, and nothing is shown.

        A look that could not be written is forgotten: whoever looked was not answered.
        """
        one = _Waiting(look)
        self._waiting.append(one)
        try:
            async with self._turn:
                if not one.is_down:
                    await self._put_all()
        finally:
            if not one.is_down:
                self._waiting.remove(one)

    async def _put_all(self) -> None:
        waiting = self._waiting[:]
        await self._engine.insist(partial(self._record, [one.look for one in waiting]))
        for one in waiting:
            one.is_down = True
        # Not by number: whoever gave up meanwhile is gone from the list, and newer looks are in it.
        self._waiting = [one for one in self._waiting if not one.is_down]

    async def _record(self, looks: list[Look], tx: Transaction) -> None:
        await record_looks(tx, self._log, looks, self._clock())
