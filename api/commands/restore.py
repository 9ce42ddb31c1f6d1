"""`sangkat restore`: puts a backup in the place of the data, after proving that it is whole."""

import argparse
import asyncio
import shutil
import sqlite3
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from api.backups.archive import keep_names
from api.commands.archives import Given, place_photos, unpack
from api.commands.carrying import Carried, renew
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, Stopped
from api.commands.verify import verify
from api.copies import find_missing_in, open_copy
from api.database.lock import locked
from api.database.migrate import DataLater
from api.ledger.keys import KeysBroken
from api.scratch import clear
from api.settings import REPLACING, RESTORING, DataTorn, Settings

_PARTS: Final = ("", "-wal", "-shm")


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(
        commands, "restore", "put a backup in the place of a stopped register's data", run
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what `sangkat backup` wrote")
    said = "the private key that opens it, as --new-identity wrote it; may be repeated"
    parser.add_argument(
        "--identity", action="append", default=[], type=Path, metavar="FILE", help=said
    )
    said = "even where a register is; its data are kept in DATA/replaced-*"
    parser.add_argument("--force", action="store_true", help=said)
    said = "database and keys alone, when photos of the backup are lost"
    parser.add_argument("--without-photos", action="store_true", help=said)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Prove the archive, then put it in place; raises AlreadyServed while a server runs."""
    given = Given(options.file, options.identity, not options.without_photos)
    if settings.database:
        raise Stopped(f"not into {settings.where}: see deploy/RUNBOOK.md, Restore")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with locked(settings.database_path):
        if settings.database_path.exists() and not options.force:
            raise Stopped(f"{settings.data_dir} holds a register; --force puts it aside")
        _finish(settings)
        pos, carried = _unpack(given, settings)
        _put_aside(settings)
        _put_in_place(settings)
        kept = _finish(settings)
    print(f"{pos} entries are back; phones that know of later ones send them again by themselves")
    print("Tokens and invitations are void unless they were still open in what is replaced")
    print(_describe(carried))
    if kept is not None:
        print(_describe_kept(kept, carried))
    return DONE


def _describe_kept(kept: Path, carried: Carried) -> str:
    """Say whether the operator may do without what was there before."""
    there = f"what was there before is in {kept}"
    if carried.has_every_look:
        return f"{there}; the {carried.looks} rows of who looked since the backup came along"
    came = (
        f"{carried.looks} rows of it came along, the chain of the others does not go on from here"
    )
    return f"{there}: keep it, who looked since the backup stands there ({came})"


def _describe(carried: Carried) -> str:
    """Say what came along of what was put aside, and what the operator has to repeat."""
    came = f"{carried.stored} entries on rights and of the register itself came along"
    if carried.waiting:
        came += f", {carried.waiting} wait for what phones send"
    if carried.is_whole and not carried.refused:
        return f"{came}: what was revoked since stays revoked"
    return f"{came}; repeat what else was revoked or disabled since, before anybody can sign in"


def _unpack(given: Given, settings: Settings) -> tuple[int, Carried]:
    """Unpack and prove an archive beside the data, and renew it there; its length, what came.

    Photos are put in their place at once: who does not know them does not mind them.
    """
    folder = settings.data_dir / RESTORING
    clear(folder)
    folder.mkdir()  # new, and nobody's link to somewhere else
    try:
        unpacked = replace(settings, data_dir=folder)
        photos = unpack(given, settings, folder, settings.database_path.name)
        pos = _prove(given.file, unpacked)
        place_photos(settings, photos)
        return pos, asyncio.run(renew(unpacked, _find_aside(settings), settings.blobs_dir))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _find_aside(settings: Settings) -> Path | None:
    """Return the database that is replaced, wherever a broken-off restore left it.

    An empty file is none, and SQLite would delete the write-ahead log beside it.
    """
    name = settings.database_path.name
    places = (settings.database_path, settings.data_dir / REPLACING / name)
    return next((path for path in places if path.exists() and path.stat().st_size), None)


def _prove(file: Path, settings: Settings) -> int:
    """Fold what was unpacked anew; return the length of its log."""
    try:
        wrong, pos = asyncio.run(_bring_up_and_verify(settings))
    except DataLater as error:
        raise Stopped(f"{file} was made by a later version: {error}") from error
    except (KeysBroken, DataTorn) as error:
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


def _put_aside(settings: Settings) -> None:
    """Move the data that are there into a folder of their own; nothing is deleted.

    The database goes first and the new one comes last: without one nothing starts, so whatever
    a crash leaves is either the old register, or the new one, or waits for another restore.
    """
    aside = settings.data_dir / REPLACING
    parts = [Path(f"{settings.database_path}{suffix}") for suffix in _PARTS]
    there = [path for path in (*parts, settings.keys_dir) if path.exists()]
    if there:
        aside.mkdir(exist_ok=True)
    for path in there:
        if (aside / path.name).exists():
            # The old one is aside already: these are keys out of an archive, put there last time.
            shutil.rmtree(path)
        else:
            path.rename(aside / path.name)
    keep_names(settings.data_dir)


def _put_in_place(settings: Settings) -> None:
    folder = settings.data_dir / RESTORING
    for path in (settings.keys_dir, settings.database_path):
        (folder / path.name).rename(path)
        keep_names(settings.data_dir)
    shutil.rmtree(folder, ignore_errors=True)


def _finish(settings: Settings) -> Path | None:
    """Give what was replaced its lasting name, once there is a register in its place."""
    aside = settings.data_dir / REPLACING
    if not (aside.exists() and settings.database_path.exists()):
        return None
    stamp = time.strftime("replaced-%Y%m%d-%H%M%S", time.gmtime())
    names = (settings.data_dir / f"{stamp}-{number}" for number in count(1))
    lasting = next(path for path in names if not path.exists())
    aside.rename(lasting)
    return lasting
