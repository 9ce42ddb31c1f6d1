"""A folder of backups: each is named by its log and instant, the newest ones are kept."""

import asyncio
import fcntl
import os
import re
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from api.backups.making import make_backup
from api.backups.retention import find_superfluous
from api.backups.shelf import Shelf, clear_shelf, find_top
from api.register import Register

_STAMP: Final = "%Y%m%dT%H%M%SZ"
_ENDINGS: Final = (".tar.age", ".tar")
_TURN_SECONDS: Final = 0.2


class Made(NamedTuple):
    """A new backup, and how many photos only the next one will have."""

    path: Path
    waiting: int


async def back_up_into(register: Register, folder: Path, recipients: Sequence[str]) -> Made:
    """Write a backup named by this instant and delete the superfluous ones; return the new one.

    What is named is whole: it got its name when it had been read back. Whoever calls has the turn.
    """
    made = datetime.now(UTC).replace(microsecond=0)
    ending = _ENDINGS[0] if recipients else _ENDINGS[1]
    target = folder / f"{register.log}.{made:{_STAMP}}{ending}"
    shelf = Shelf(folder, register.log, recipients)
    waiting = await make_backup(register, target, recipients, shelf)
    register.tallies.backups["made"] += 1
    register.tallies.backed_up_seconds = made.timestamp()
    # While nobody knows the day, which is the newest one is not known either.
    if register.clock.find_doubt() is None:
        await asyncio.to_thread(thin_out, folder, register.log, target)
    return Made(target, waiting)


def thin_out(folder: Path, log: str, newest: Path) -> None:
    """Delete the backups of a log that no rule keeps; never the one that was made now."""
    made = list_backups(folder, log)
    for path in chain.from_iterable(made[instant] for instant in find_superfluous(made)):
        if path != newest:
            path.unlink(missing_ok=True)
    stamps = {f"{instant:{_STAMP}}" for instant in list_backups(folder, log)}
    clear_shelf(find_top(folder, log), stamps)


def find_newest(folder: Path, log: str) -> datetime | None:
    """Return when the last backup of a log was made, or None."""
    return max(list_backups(folder, log), default=None)


def list_backups(folder: Path, log: str) -> dict[datetime, list[Path]]:
    """Return the backups of a log in a folder by their instants; nothing else that lies there."""
    name = re.compile(rf"{re.escape(log)}\.(\d{{8}}T\d{{6}}Z)\.tar(\.age)?")
    found: dict[datetime, list[Path]] = {}
    for path in folder.iterdir():
        match = name.fullmatch(path.name)
        instant = _read_stamp(match[1]) if match and path.is_file() else None
        if instant is not None:
            found.setdefault(instant, []).append(path)
    return found


def _read_stamp(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)
    except ValueError:  # the calendar has no such day: somebody else called a file so
        return None


@contextmanager
def taking_turns(folder: Path) -> Generator[bool]:
    """Yield whether no other process of this machine makes a backup in the folder now."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield True
    finally:
        os.close(descriptor)


@asynccontextmanager
async def waiting_for_turn(folder: Path) -> AsyncGenerator[None]:
    """Wait until nobody else makes a backup in the folder, and keep it until the block ends."""
    while True:
        with taking_turns(folder) as is_ours:
            if is_ours:
                yield
                return
        await asyncio.sleep(_TURN_SECONDS)
