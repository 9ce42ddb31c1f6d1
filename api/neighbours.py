"""Keeps a process informed of what others wrote into the same database: entries, set-up, clock."""

import asyncio
import logging
from typing import Final

from api.database.engine import Transaction
from api.ledger.clock_store import find_instant
from api.ledger.reading_store import read_head
from api.problems import Refusal
from api.register import Register
from api.setup.store import load_setup

#: How long a long poll may wait for what another process took in, in seconds.
LOOK_SECONDS: Final = 0.25
logger: Final = logging.getLogger("sangkat")


async def follow(register: Register) -> None:
    """Look every quarter of a second, until cancelled; what cannot be read is read next time.

    Said once, and once more when it can: a database may be away for hours.
    """
    neighbours = Neighbours(register)
    trouble = ""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        before, trouble = trouble, await _look(neighbours, trouble)
        if trouble != before:
            logger.warning("neighbours: %s", trouble or "read again")


async def _look(neighbours: "Neighbours", before: str) -> str:
    """Look once; return why that was not possible."""
    try:
        await neighbours.look()
    except Refusal as refusal:
        return refusal.code
    except Exception as error:  # ends this look: else nobody here would hear of others any more
        trouble = type(error).__name__
        if trouble != before:
            logger.exception("neighbours: defect")
        return trouble
    return ""


class Neighbours:
    """What was seen last of the database."""

    def __init__(self, register: Register) -> None:
        """Begin with an end of the log that every head differs from."""
        self._register = register
        self._pos = -1

    async def look(self) -> None:
        """Wake long polls when the log grew; collect, or believe the clock, when others do."""
        register = self._register
        async with register.engine.glancing() as tx:
            pos = (await read_head(tx, register.log)).pos
        is_news = pos not in (self._pos, register.committer.pos)
        self._pos = pos
        if is_news:
            register.arrivals.announce()
        if not register.committer.gate.is_open or register.clock.find_doubt():
            await register.engine.read(self._learn)

    async def _learn(self, tx: Transaction) -> None:
        """Take over what the operator said to another process."""
        register = self._register
        if (await load_setup(tx, register.log)).operator:
            register.committer.gate.open()
        register.clock.hear(await find_instant(tx, register.log))
