"""`sangkat move`: moves a stopped register from its file into a PostgreSQL database."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Final, TextIO

from msgspec.structs import replace

from api.backups.archive import keep_names
from api.commands.opening import check_exists
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, WRONG_USE, Stopped
from api.commands.verify import verify
from api.database.lock import locked
from api.moving import MovedBefore, NotMoved, move
from api.settings import MOVED, Settings

_PARTS: Final = ("", "-wal", "-shm")


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    said = "move a stopped register from its file into the database that SANGKAT_DATABASE names"
    add_command(commands, "move", said, run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Prove the file, move it, and put it aside; raises AlreadyServed while a server runs."""
    del options
    if not settings.database:
        raise Stopped("SANGKAT_DATABASE names no database to move to", WRONG_USE)
    in_file = replace(settings, database="")
    check_exists(in_file)
    # Until the file is aside: a server that starts in between would acknowledge what is lost.
    with locked(in_file.database_path) as lock:
        check_exists(in_file)
        _move(settings, in_file, lock)
    return DONE


def _move(settings: Settings, in_file: Settings, lock: TextIO) -> None:
    """Prove, move and put aside what nobody else can open meanwhile."""
    wrong, pos = asyncio.run(verify(in_file))
    if wrong:
        raise Stopped(f"{in_file.where} does not hold: {wrong} things are wrong; nothing moved")
    try:
        count = asyncio.run(move(settings, _note, lock))
    except NotMoved as error:
        raise Stopped(str(error)) from error
    except MovedBefore:
        # Killed between the commit there and the renaming here; both would sign, each its own.
        print(f"{in_file.where} was moved before; it is in {_put_aside(in_file)} now")
        return
    aside = _put_aside(in_file)
    print(f"{pos} entries, {count} rows in all, are in {settings.where}, the same row by row")
    print(f"the file is in {aside}: what it held is served from {settings.where} alone now")


def _put_aside(settings: Settings) -> Path:
    """Move the file where nobody serves it: two registers would sign two histories."""
    aside = settings.data_dir / f"{MOVED}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
    aside.mkdir()
    for suffix in _PARTS:
        path = Path(f"{settings.database_path}{suffix}")
        if path.exists():
            path.rename(aside / path.name)
    keep_names(settings.data_dir)
    return aside


def _note(count: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{count} rows", end="", file=sys.stderr, flush=True)
