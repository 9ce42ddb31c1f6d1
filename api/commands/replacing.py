"""Puts a backup in the place of a register's file, which is kept beside it."""

import asyncio
import shutil
import time
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from api.backups.archive import keep_names
from api.commands.archives import Given, place_photos, unpack
from api.commands.carrying import Carried, renew
from api.commands.outcomes import Stopped
from api.commands.proving import prove
from api.database.lock import locked
from api.scratch import clear
from api.settings import REPLACING, RESTORING, Settings, is_moved

_PARTS: Final = ("", "-wal", "-shm")


class Restored(NamedTuple):
    """The length of the log that is back, what came along, and where is what was there before."""

    pos: int
    carried: Carried
    kept: str | None


def restore(given: Given, settings: Settings, *, is_forced: bool) -> Restored:
    """Prove an archive, then put it in place; raises AlreadyServed while a server runs."""
    with locked(settings.database_path):
        if settings.database_path.exists() and not is_forced:
            raise Stopped(f"{settings.data_dir} holds a register; --force puts it aside")
        if is_moved(settings) and not is_forced:
            why = "SANGKAT_DATABASE names it; --force begins a second one from the backup"
            raise Stopped(f"the register of {settings.data_dir} was moved: {why}")
        _finish(settings)
        pos, carried = _unpack(given, settings)
        _put_aside(settings)
        _put_in_place(settings)
        kept = _finish(settings)
    return Restored(pos, carried, None if kept is None else str(kept))


def _unpack(given: Given, settings: Settings) -> tuple[int, Carried]:
    """Unpack and prove an archive beside the data, and renew it there; its length, what came.

    Photos are put in their place at once: who does not know them does not mind them.
    """
    with making_room(settings) as folder:
        unpacked = replace(settings, data_dir=folder)
        photos = unpack(given, settings, folder, settings.database_path.name)
        pos = asyncio.run(prove(given.file, unpacked))
        place_photos(settings, photos)
        return pos, asyncio.run(renew(unpacked, _find_aside(settings), settings.blobs_dir))


@contextmanager
def making_room(settings: Settings) -> Generator[Path]:
    """Yield a folder to unpack in, which goes if the block raises."""
    folder = settings.data_dir / RESTORING
    clear(folder)
    folder.mkdir()  # new, and nobody's link to somewhere else
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _find_aside(settings: Settings) -> Settings | None:
    """Return where the database is that is replaced, wherever a broken-off restore left it.

    An empty file is none, and SQLite would delete the write-ahead log beside it.
    """
    places = (settings, replace(settings, data_dir=settings.data_dir / REPLACING))
    paths = ((place, place.database_path) for place in places)
    return next((place for place, path in paths if path.exists() and path.stat().st_size), None)


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
    return rename_aside(settings) if settings.database_path.exists() else None


def rename_aside(settings: Settings) -> Path | None:
    """Give what was replaced its lasting name, and return it; None where nothing was."""
    aside = settings.data_dir / REPLACING
    if not aside.exists():
        return None
    stamp = time.strftime("replaced-%Y%m%d-%H%M%S", time.gmtime())
    names = (settings.data_dir / f"{stamp}-{number}" for number in count(1))
    lasting = next(path for path in names if not path.exists())
    aside.rename(lasting)
    return lasting
