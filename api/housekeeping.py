"""What the register does by itself from time to time: final answers for what waited too long."""

import asyncio
import logging
from typing import Final

from api.ledger import backlog_store
from api.problems import Refusal
from api.register import Register

INTERVAL_SECONDS: Final = 600
logger: Final = logging.getLogger("sangkat")


async def tidy_up(register: Register) -> int:
    """Expire the backlog; return how many documents got their final answer."""
    async with register.engine.writing() as tx:
        return await backlog_store.expire(tx, register.log, register.clock())


async def keep_house(register: Register) -> None:
    """Tidy up at the start and every ten minutes, until cancelled; a full disk is tried again."""
    while True:
        try:
            await tidy_up(register)
        except Refusal as refusal:
            logger.warning("housekeeping: %s", refusal.code)
        await asyncio.sleep(INTERVAL_SECONDS)
