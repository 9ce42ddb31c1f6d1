"""Proves what was unpacked of a backup, before it takes the place of anything."""

import sqlite3
from contextlib import suppress
from pathlib import Path

from api.commands.outcomes import Stopped
from api.commands.verify import verify
from api.copies import find_missing_in, open_copy
from api.database.engine import DataRefused
from api.database.migrate import DataLater
from api.ledger.keys import KeysBroken
from api.settings import DataTorn, Settings


async def prove(file: Path, settings: Settings) -> int:
    """Fold what was unpacked of an archive anew; return the length of its log."""
    try:
        wrong, pos = await _bring_up_and_verify(settings)
    except DataLater as error:
        raise Stopped(f"{file} was made by a later version: {error}") from error
    except (KeysBroken, DataTorn, DataRefused) as error:
        said = str(error).replace(f"{settings.data_dir}/", "")
        raise Stopped(f"{file} is no backup: {said}") from error
    if wrong:
        raise Stopped(f"{file} does not hold: {wrong} things are wrong")
    return pos


async def _bring_up_and_verify(settings: Settings) -> tuple[int, int]:
    """Bring an older copy to this version, then prove it: the tables are compared as they are now.

    What cannot be migrated, because it is damaged, the proof names.
    """
    with suppress(sqlite3.DatabaseError):
        if await find_missing_in(settings):
            async with open_copy(settings):
                pass
    return await verify(settings)
