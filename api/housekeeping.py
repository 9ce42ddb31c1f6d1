"""What the register does by itself from time to time: final answers for what waited too long."""

import asyncio
import logging
from typing import Final

from api.admission.store import forget_ended
from api.blobs.keeping import expire, sweep
from api.database.engine import Transaction
from api.ledger import backlog_store, clock_store
from api.problems import Refusal
from api.register import Register
from api.sessions.store import forget_expired

INTERVAL_SECONDS: Final = 600
logger: Final = logging.getLogger("sangkat")


async def tidy_up(register: Register) -> int:
    """Expire backlog and sessions; return how many documents got their final answer.

    Nothing is too old while the clock is in doubt; the last instant that was not is kept.
    """
    now_ms, doubt = register.clock(), register.clock.find_doubt()
    if doubt is not None:
        logger.warning("clock: %s; nothing is deleted for its age", doubt)
        return 0

    async def tidy(tx: Transaction) -> int:
        await clock_store.record_instant(tx, register.log, now_ms)
        await forget_expired(tx, now_ms)
        await forget_ended(tx, register.log, now_ms)
        return await backlog_store.expire(tx, register.log, now_ms)

    count = await register.engine.write(tidy)
    await expire(register, now_ms)
    return count


async def keep_house(register: Register) -> None:
    """Tidy up at the start and every ten minutes, until cancelled, and once more at the end."""
    is_swept = False
    try:
        while True:
            is_swept = is_swept or await _try_to_sweep(register)
            await _try_to_tidy_up(register)
            await asyncio.sleep(INTERVAL_SECONDS)
    finally:
        await _try_to_tidy_up(register)


async def _try_to_sweep(register: Register) -> bool:
    """Sweep once; where a database or a disk is away at the start, again next time."""
    try:
        await sweep(register)
    except Refusal as refusal:
        logger.warning("housekeeping: %s", refusal.code)
    except Exception:  # ends this sweep, and not the tidying up after it
        logger.exception("housekeeping: defect")
    else:
        return True
    return False


async def _try_to_tidy_up(register: Register) -> None:
    """Tidy up; what a full disk refuses is tried again next time."""
    outcome = "done" if register.clock.find_doubt() is None else "doubt"
    try:
        await tidy_up(register)
    except Refusal as refusal:
        register.tallies.upkeep["refused"] += 1
        logger.warning("housekeeping: %s", refusal.code)
    except Exception:  # ends this round: else nothing would expire until the next start
        register.tallies.upkeep["failed"] += 1
        logger.exception("housekeeping: defect")
    else:
        register.tallies.upkeep[outcome] += 1
