"""The lock file that keeps a register's data for one process, whichever engine it uses."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from api.database.engine import AlreadyServed


def take_lock(database: Path) -> TextIO:
    """Return the lock of a database file, held until closed; raises AlreadyServed."""
    path = database.with_suffix(".lock")
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise AlreadyServed(f"{path} is held by another process") from error
    return lock


@contextmanager
def locked(database: Path) -> Generator[None]:
    """Keep every other process from the data until the block ends; raises AlreadyServed."""
    with take_lock(database):
        yield
