"""`sangkat restore`: puts a backup in the place of the data, after proving that it is whole."""

import argparse
import asyncio
import shutil
import time
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from api.administration.archive import ArchiveBroken, extract_archive
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, Stopped
from api.commands.verify import verify
from api.database.lock import locked
from api.settings import Settings

_ASIDE: Final = ("-wal", "-shm", "")


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(commands, "restore", "put a backup in the place of the data", run)
    parser.add_argument("file", type=Path, help="the archive")
    said = "over data that exist; they are kept beside"
    parser.add_argument("--force", action="store_true", help=said)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Prove the archive, then put it in place; raises AlreadyServed while a server runs."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with locked(settings.database_path):
        if settings.database_path.exists() and not options.force:
            raise Stopped(f"{settings.data_dir} holds a register; --force puts it aside")
        folder = settings.data_dir / "restoring"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            pos = _prove(options.file, replace(settings, data_dir=folder))
            kept = _put_aside(settings)
            _put_in_place(folder, settings)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{pos} entries are back; phones that know of later ones send them again by themselves")
    if kept is not None:
        print(f"what was there before is in {kept}")
    return DONE


def _prove(file: Path, settings: Settings) -> int:
    """Unpack an archive and fold it anew; return the length of its log."""
    try:
        manifest = extract_archive(file, settings.data_dir)
    except ArchiveBroken as error:
        raise Stopped(str(error)) from error
    if manifest.log != settings.log:
        raise Stopped(f"{file} is of another province: {manifest.log}")
    wrong, pos = asyncio.run(verify(settings))
    if wrong:
        raise Stopped(f"{file} does not hold: {wrong} things are wrong")
    return pos


def _put_aside(settings: Settings) -> Path | None:
    """Move the data that are there into a folder of their own; nothing is deleted."""
    if not settings.database_path.exists():
        return None
    aside = settings.data_dir / time.strftime("replaced-%Y%m%d-%H%M%S", time.gmtime())
    aside.mkdir()
    parts = [Path(f"{settings.database_path}{suffix}") for suffix in _ASIDE]
    for path in (*parts, settings.keys_dir):
        if path.exists():
            path.rename(aside / path.name)
    return aside


def _put_in_place(folder: Path, settings: Settings) -> None:
    """Move keys first: a database without its keys would make new ones at the next start."""
    if settings.keys_dir.exists():
        raise Stopped(f"{settings.keys_dir} is in the way")
    (folder / settings.keys_dir.name).rename(settings.keys_dir)
    (folder / settings.database_path.name).rename(settings.database_path)
