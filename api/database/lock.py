"""The lock file that keeps a register's data for one process, whichever engine it uses."""

import fcntl
import os
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
def locked(database: Path) -> Generator[TextIO]:
    """Keep every other process from the data until the block ends; raises AlreadyServed."""
    with take_lock(database) as lock:
        yield lock


def share_lock(lock: TextIO) -> TextIO:
    """Return the same lock once more: the data are free when both are closed."""
    return os.fdopen(os.dup(lock.fileno()), "w")
