"""`sangkat upgrade`: brings data of an older version to this one, or leaves them as they were.

The data themselves are touched by one thing only: the renaming that puts the new database, made and
proved beside it, in the place of the old one. Whatever fails or is killed before left them alone.
"""

import argparse
import asyncio
import os
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from api.backups.archive import Manifest, keep_names, write_archive
from api.backups.making import find_keys
from api.backups.sealing import NoRecipient, SealingMissing, choose_write
from api.commands.opening import check_exists
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, Stopped, describe_failure
from api.commands.verify import verify
from api.copies import copy_database, find_missing_in, open_aside, open_copy, settle
from api.database.lock import locked
from api.database.migrate import DataLater, MigrationChanged
from api.ledger.committer import now_ms
from api.ledger.keys import KeysBroken
from api.scratch import clear
from api.settings import UPGRADING, Settings, check_whole
from api.setup.store import load_setup
from sync.instants import write_instant

_AS_THEY_WERE = "the upgrade failed and the data are as they were"
_IN_POSTGRESQL = (
    "in PostgreSQL: `sangkat backup`, then `sangkat migrate`, one transaction that is undone as a"
    " whole when it fails, then `sangkat verify`"
)
_TROUBLES = (sqlite3.DatabaseError, MigrationChanged, KeysBroken, NoRecipient, SealingMissing)


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    said = "bring a stopped register's data to this version: backup, migrate, prove, or undo"
    add_command(commands, "upgrade", said, run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Upgrade what is there; raises AlreadyServed while a server runs."""
    del options
    check_exists(settings)
    if not upgrade(settings):
        print(f"{settings.data_dir} is of this version already")
    return DONE


def upgrade(settings: Settings) -> bool:
    """Upgrade data of an older version and say so; return False where nothing is to be done."""
    if settings.database:
        raise Stopped(_IN_POSTGRESQL)
    check_whole(settings)  # before SQLite opens it: what is empty it would take for a database
    with locked(settings.database_path):
        try:
            missing = asyncio.run(find_missing_in(settings))
        except DataLater as error:
            raise Stopped(f"{settings.data_dir} was made by a later version: {error}") from error
        if not missing:
            return False
        archive = _upgrade(settings, missing)
    print(f"{settings.data_dir} is at {missing[-1]}; what it was is in {archive}: to go back, let")
    print("the version before restore it; delete it once this one has proved itself")
    return True


def _upgrade(settings: Settings, missing: list[str]) -> Path:
    """Make the new database beside the old one and put it in its place; return the backup."""
    with _folder(settings) as folder:
        try:
            return _replace(settings, replace(settings, data_dir=folder), missing)
        except _TROUBLES as error:
            cause = (
                describe_failure(error) if isinstance(error, sqlite3.Error) else Stopped(str(error))
            )
            raise Stopped(f"{_AS_THEY_WERE}, {cause}", cause.exit_code) from error


@contextmanager
def _folder(settings: Settings) -> Generator[Path]:
    """Yield an empty folder in the data folder; it goes with the block, or with the next one."""
    folder = settings.data_dir / UPGRADING
    clear(folder)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(settings: Settings, apart: Settings, missing: list[str]) -> Path:
    """Copy, back up, migrate the copy, prove it, and only then put it in place."""
    asyncio.run(copy_database(settings, apart))
    shutil.copytree(settings.keys_dir, apart.keys_dir)
    archive = _back_up(settings, apart, missing[0])
    try:
        asyncio.run(_migrate(apart))
        _prove(apart)
        asyncio.run(settle(settings))
    except BaseException:
        archive.unlink()
        raise
    with apart.database_path.open("rb") as file:
        os.fsync(file.fileno())
    apart.database_path.replace(settings.database_path)
    keep_names(settings.data_dir)
    return archive


def _back_up(settings: Settings, apart: Settings, first: str) -> Path:
    """Write what is there into one file, sealed if the register knows to whom.

    It is named by what comes next, so that tries which fail do not pile up.
    """
    recipients = asyncio.run(_find_recipients(apart))
    ending = ".tar.age" if recipients else ".tar"
    archive = settings.data_dir / f"before-{first.partition('.')[0]}{ending}"
    members = {apart.database_path.name: apart.database_path, **find_keys(apart.keys_dir)}
    manifest = Manifest(log=settings.log, made_at=write_instant(now_ms()), sha256={})
    write_archive(archive, members, manifest, choose_write(recipients))
    return archive


async def _find_recipients(apart: Settings) -> tuple[str, ...]:
    async with open_aside(apart.database_path) as tx:
        setup = await load_setup(tx, apart.log)
    return setup.recipients.recipients if setup.recipients else ()


async def _migrate(apart: Settings) -> None:
    async with open_copy(apart):
        pass


def _prove(apart: Settings) -> None:
    """Compute the migrated copy anew; raises Stopped unless all of it holds."""
    wrong, _ = asyncio.run(verify(apart))
    if wrong:
        why = "`sangkat verify` of the version before says whether it was so already"
        raise Stopped(f"{_AS_THEY_WERE}, {wrong} things are wrong after it: {why}")
