"""Opens a register's data for one command, and says in one line what stands in the way."""

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from api.app import open_register
from api.commands.outcomes import Stopped
from api.database.migrate import DataLater, DataOlder, MigrationChanged
from api.ledger.keys import KeysBroken
from api.register import Register
from api.scratch import clear
from api.settings import RESTORING, UPGRADING, Settings, check_whole, is_whole


@asynccontextmanager
async def open_data(settings: Settings, *, may_migrate: bool = False) -> AsyncGenerator[Register]:
    """Open the data until the block ends; raises AlreadyServed, DataTorn, else Stopped."""
    was_whole = is_whole(settings)
    try:
        async with open_register(settings, may_migrate=may_migrate) as register:
            # It can be read and its lock is held: what a killed command left there is of no use.
            if was_whole:
                clear(settings.data_dir / RESTORING)
                clear(settings.data_dir / UPGRADING)
            yield register
    except DataOlder as error:
        way = "`sangkat upgrade` brings it to this one"
        if not settings.database:
            way += ", and so does `sangkat serve`"
        raise Stopped(f"{settings.where} is of an older version: {way}") from error
    except (DataLater, MigrationChanged) as error:
        raise Stopped(f"{settings.data_dir} was made by another version: {error}") from error
    except KeysBroken as error:
        raise Stopped(f"{error}; put back those of the newest backup") from error
    except sqlite3.DatabaseError as error:
        raise Stopped(f"{settings.database_path} cannot be read: {error}") from error


def check_exists(settings: Settings) -> None:
    """Refuse to make a register by mistyping where it is; raises DataTorn where one was."""
    check_whole(settings)
    if not (settings.database or settings.database_path.is_file()):
        raise Stopped(f"no register in {settings.data_dir}; `sangkat serve` makes one")
