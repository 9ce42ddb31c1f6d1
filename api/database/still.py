"""Databases that nobody can write: SQLite opens one in WAL mode only where it can make files."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import Final

_PARTS: Final = ("", "-wal")


def copy_still(database: Path, folder: Path) -> Path:
    """Return a copy in `folder` of a database whose own folder cannot be written, else itself.

    A server may write what this process sees read-only; then its files can be opened as they are.
    """
    if os.access(database.parent, os.W_OK):
        return database
    lock = database.with_suffix(".lock")
    if not lock.exists():
        return _copy(database, folder)
    with lock.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return database
        return _copy(database, folder)


def _copy(database: Path, folder: Path) -> Path:
    target = folder / "held"
    target.mkdir()
    for part in _PARTS:
        path = database.with_name(database.name + part)
        if path.exists():
            shutil.copyfile(path, target / path.name)
    return target / database.name
