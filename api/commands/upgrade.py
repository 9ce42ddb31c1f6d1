"""`sangkat upgrade`: brings data of an older version to this one, or leaves them as they were.

The data themselves are touched by one thing only: the renaming that puts the new database, made and
proved beside it, in the place of the old one; in PostgreSQL the commit of the transaction in which
all of it was done and proved. Whatever fails or is killed before left them alone.
"""

import argparse
import asyncio
import os
import shutil
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from api.backups.archive import Manifest, keep_names, write_archive
from api.backups.making import find_keys
from api.backups.sealing import NoRecipient, SealingMissing, choose_write
from api.commands.opening import check_exists
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, Stopped, describe_failure
from api.commands.swapping import saying_why
from api.commands.verify import verify
from api.copies import copy_database, find_missing_in, open_aside, open_copy, settle
from api.database.dumps import DumpFailed, dump
from api.database.engine import DataRefused
from api.database.lock import locked
from api.database.migrate import DataLater, MigrationChanged
from api.database.opening import open_alone
from api.ledger.committer import now_ms
from api.ledger.keys import KeysBroken
from api.scratch import clear
from api.settings import UPGRADING, Settings, check_whole
from api.setup.store import load_setup
from sync.instants import write_instant

_AS_THEY_WERE = "the upgrade failed and the data are as they were"
_TROUBLES = (
    sqlite3.DatabaseError,
    DataRefused,
    DumpFailed,
    MigrationChanged,
    KeysBroken,
    NoRecipient,
    SealingMissing,
)


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
    check_whole(settings)  # before SQLite opens it: what is empty it would take for a database
    with locked(settings.database_path), saying_why(settings.where):
        try:
            missing = asyncio.run(find_missing_in(settings))
        except DataLater as error:
            raise Stopped(f"{settings.data_dir} was made by a later version: {error}") from error
        if not missing:
            return False
        archive = _upgrade(settings, missing)
    name = settings.where if settings.database else settings.data_dir
    print(f"{name} is at {missing[-1]}; what it was is in {archive}: to go back, let")
    print("the version before restore it; delete it once this one has proved itself")
    return True


def _upgrade(settings: Settings, missing: list[str]) -> Path:
    """Make the new data beside the old ones and put them in their place; return the backup."""
    with _folder(settings) as folder:
        try:
            if settings.database:
                return asyncio.run(_change(settings, folder, missing[0]))
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
    recipients = asyncio.run(_find_recipients(apart))
    archive = _back_up(settings, apart.database_path, missing[0], recipients)
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


async def _change(settings: Settings, folder: Path, first: str) -> Path:
    """Back up, migrate and prove in one transaction, which nobody sees before it is committed."""
    dump_file = folder / "register.pgdump"
    async with open_alone(settings) as alone:
        recipients = await _find_recipients(settings)
        await dump(settings.database, dump_file)
        archive = await asyncio.to_thread(_back_up, settings, dump_file, first, recipients)
        try:
            await alone.migrate(now_ms())
            wrong, _ = await verify(settings, snapshot=alone.snapshot)
            _check_proof(wrong)
        except BaseException:
            archive.unlink()
            raise
        # Whether it was done nobody knows who loses the connection now: the backup stays.
        await alone.commit()
    return archive


def _back_up(settings: Settings, database: Path, first: str, recipients: Sequence[str]) -> Path:
    """Write what is there into one file, sealed if the register knows to whom.

    It is named by what comes next, so that tries which fail do not pile up.
    """
    ending = ".tar.age" if recipients else ".tar"
    archive = settings.data_dir / f"before-{first.partition('.')[0]}{ending}"
    members = {database.name: database, **find_keys(settings.keys_dir)}
    manifest = Manifest(log=settings.log, made_at=write_instant(now_ms()), sha256={})
    write_archive(archive, members, manifest, choose_write(recipients))
    return archive


async def _find_recipients(settings: Settings) -> tuple[str, ...]:
    async with open_aside(settings) as tx:
        setup = await load_setup(tx, settings.log)
    return setup.recipients.recipients if setup.recipients else ()


async def _migrate(apart: Settings) -> None:
    async with open_copy(apart):
        pass


def _prove(apart: Settings) -> None:
    """Compute the migrated copy anew; raises Stopped unless all of it holds."""
    wrong, _ = asyncio.run(verify(apart))
    _check_proof(wrong)


def _check_proof(wrong: int) -> None:
    if wrong:
        why = "`sangkat verify` of the version before says whether it was so already"
        raise Stopped(f"{_AS_THEY_WERE}, {wrong} things are wrong after it: {why}")
