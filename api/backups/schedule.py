"""Makes a sealed backup every five minutes while anything is new, as long as the register runs."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from api.backups.folder import back_up_into, find_newest, taking_turns
from api.backups.sealing import NoRecipient, SealingMissing
from api.backups.state import State, read_state
from api.problems import Refusal
from api.register import Register

INTERVAL: Final = timedelta(minutes=5)
#: After how long without one, while something is new, the log says so.
OVERDUE: Final = 3 * INTERVAL
_TROUBLES: Final = (OSError, Refusal, NoRecipient, SealingMissing)
logger: Final = logging.getLogger("sangkat")


@asynccontextmanager
async def backing_up(register: Register, folder: Path | None) -> AsyncGenerator[None]:
    """Make backups in a folder until the block ends; none where there is no folder."""
    if folder is None:
        yield
        return
    schedule = asyncio.create_task(_go_on(register, folder), name="backups")
    try:
        yield
    finally:
        schedule.cancel()
        await asyncio.wait([schedule])


async def _go_on(register: Register, folder: Path) -> None:
    kept: State | None = None
    while True:
        kept = await make_if_due(register, folder, kept, INTERVAL)
        await asyncio.sleep(INTERVAL.total_seconds())


async def make_if_due(
    register: Register, folder: Path, kept: State | None, interval: timedelta
) -> State | None:
    """Make a backup if anything is new; return what the last one holds.

    What goes wrong stands in the log, and is tried again next time.
    """
    try:
        state = await read_state(register)
        if state != kept and await _make(register, folder, interval, state.recipients):
            return state
    except _TROUBLES as error:
        said = error.code if isinstance(error, Refusal) else error
        logger.warning("backup: none was made: %s", said)
        _warn(folder, register)
    except Exception:  # a defect ends this backup; the next one is tried all the same
        logger.exception("backup: none was made")
        _warn(folder, register)
    return kept


async def _make(
    register: Register, folder: Path, interval: timedelta, recipients: Sequence[str]
) -> bool:
    """Make a backup unless another process does, or did a moment ago; say if it has everything."""
    if not recipients:
        raise NoRecipient("nobody could open it; `sangkat backup --new-identity FILE` makes a key")
    with taking_turns(folder) as is_ours:
        if not (is_ours and is_due(find_newest(folder, register.log), datetime.now(UTC), interval)):
            return False
        made = await back_up_into(register, folder, recipients)
    logger.info("backup: %s", made.path.name)
    return not made.waiting


def is_due(newest: datetime | None, now: datetime, interval: timedelta) -> bool:
    """Say whether the last backup is old enough; one from the future is none to wait for."""
    # A start may fall a moment before the end of the interval; then it would be two of them.
    return newest is None or not timedelta() <= now - newest < interval / 2


def _warn(folder: Path, register: Register) -> None:
    """Count it, and say how old the last good one is once that is too old."""
    register.tallies.backups["failed"] += 1
    try:
        newest = find_newest(folder, register.log)
    except OSError:
        newest = None
    age = datetime.now(UTC) - newest if newest else None
    if age is None:
        logger.warning("backup: there is no good one")
    elif age >= OVERDUE:
        logger.warning("backup: the last good one is %d minutes old", age.total_seconds() // 60)
