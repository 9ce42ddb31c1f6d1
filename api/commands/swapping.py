"""Puts a backup in the place of a register in PostgreSQL: staged beside it, then swapped at once.

The old tables get a schema of their own in the database, the old keys a folder. Keys that are the
same in both stay where they are: then nothing but one commit stands between the old and the new.
"""

import asyncio
import shutil
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from api.backups.archive import keep_names
from api.commands.archives import Given, place_photos, unpack
from api.commands.carrying import renew
from api.commands.outcomes import LATER, REFUSED, Stopped
from api.commands.proving import prove
from api.commands.replacing import Restored, making_room, rename_aside
from api.database.dumps import DumpFailed
from api.database.engine import DataRefused, Unreachable
from api.database.lock import locked
from api.database.migrate import DataLater, MigrationChanged
from api.database.opening import open_alone
from api.ledger.committer import now_ms
from api.settings import REPLACING, Settings

_DUMP: Final = "register.pgdump"


def restore(given: Given, settings: Settings, *, is_forced: bool) -> Restored:
    """Prove an archive, then put it in place; raises AlreadyServed while anybody is connected."""
    with locked(settings.database_path), saying_why(given.file), making_room(settings) as folder:
        return asyncio.run(_restore(given, settings, folder, is_forced=is_forced))


@contextmanager
def saying_why(what: object) -> Generator[None]:
    """Raise Stopped for what PostgreSQL and its programs say."""
    try:
        yield
    except Unreachable as error:
        raise Stopped(str(error), LATER if error.may_pass else REFUSED) from error
    except (DataLater, MigrationChanged) as error:
        raise Stopped(f"{what} was made by another version: {error}") from error
    except (DumpFailed, DataRefused) as error:
        raise Stopped(f"{what}: {error}") from error


async def _restore(given: Given, settings: Settings, folder: Path, *, is_forced: bool) -> Restored:
    async with open_alone(settings) as alone:
        if await alone.is_begun() and not is_forced:
            raise Stopped(f"{settings.where} holds a register; --force puts it aside")
        rename_aside(settings)
        photos = await asyncio.to_thread(unpack, given, settings, folder, _DUMP)
        try:
            staged = await alone.stage(folder / _DUMP, now_ms())
            unpacked = replace(settings, data_dir=folder, database=staged)
            aside = settings if await alone.is_begun() else None
            async with alone.waiting():
                pos = await prove(given.file, unpacked)
                await asyncio.to_thread(place_photos, settings, photos)
                carried = await renew(unpacked, aside, settings.blobs_dir)
        except BaseException:
            await alone.drop_stage()
            raise
        return Restored(pos, carried, await _swap(alone, settings, folder))


async def _swap(alone: Any, settings: Settings, folder: Path) -> str | None:
    """Let everybody see the new register, with its keys; return where the old one is.

    Keys that differ go first and come last: without any nothing starts, so whatever a crash leaves
    is the old register, the new one, or waits for another restore.
    """
    schema = time.strftime("replaced_%Y%m%d_%H%M%S", time.gmtime())
    await alone.check()
    was_there = await alone.swap(schema)
    is_same = _read_all(folder / "keys") == _read_all(settings.keys_dir)
    if not is_same:
        _put_keys_aside(settings)
    await alone.commit()
    if not is_same:
        (folder / "keys").rename(settings.keys_dir)
        keep_names(settings.data_dir)
    kept = rename_aside(settings)
    shutil.rmtree(folder, ignore_errors=True)
    places = [f"the schema {schema} of the database"] if was_there else []
    return " and ".join([*places, *([] if kept is None else [str(kept)])]) or None


def _put_keys_aside(settings: Settings) -> None:
    if settings.keys_dir.exists():
        aside = settings.data_dir / REPLACING
        aside.mkdir(exist_ok=True)
        settings.keys_dir.rename(aside / settings.keys_dir.name)
        keep_names(settings.data_dir)


def _read_all(folder: Path) -> Mapping[str, bytes]:
    paths = folder.iterdir() if folder.is_dir() else ()
    return {path.name: path.read_bytes() for path in paths}
