"""Folders and files for copies of a register that must not outlive the process that made them.

Such copies are not encrypted. Each is held by a lock for as long as its process lives, so that what
a killed one left can be told from what another one works with, and goes when the next one begins.
"""

import errno
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Final

_FOLDER: Final = "sangkat-scratch-"
# A folder is its own lock: one that was deleted halfway has no file to hold it by.
_AS_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY
_PARTIAL: Final = re.compile(r".+\.sangkat-\w{8}\.partial")
_NOT_WRITABLE: Final = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT)


@contextmanager
def open_scratch(data_dir: Path) -> Generator[Path]:
    """Yield an empty folder of this user alone, which goes when the block ends.

    It lies in the data folder, and with temporary files only where nothing can be made there.
    """
    sweep(data_dir)
    folder, lock = _make_folder(data_dir)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


@contextmanager
def open_partial(target: Path) -> Generator[IO[bytes]]:
    """Yield a file that takes the target's name durably when the block ends; none if it raises."""
    _sweep_partials(target.parent)
    path, file = _make_partial(target)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            path.replace(target)
            sync_names(target.parent)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder that survives a loss of power, and those above it, unless it is there."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode, exist_ok=True)
        sync_names(folder.parent)


def sync_names(folder: Path) -> None:
    """Let the names in a folder survive a loss of power: a synced file may still lack its own."""
    descriptor = os.open(folder, _AS_FOLDER)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(data_dir: Path) -> None:
    """Delete every scratch folder whose process is gone."""
    places = (data_dir, _temporary())
    for folder in chain.from_iterable(place.glob(f"{_FOLDER}*") for place in places):
        lock = _take(folder, _AS_FOLDER) if _is_own(folder) else None
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def clear(path: Path) -> None:
    """Delete a folder with all that is in it; of a link the link alone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sweep_partials(place: Path) -> None:
    """Delete every unfinished file whose process is gone, whatever it was to become."""
    for path in place.iterdir():
        lock = _take(path, os.O_RDWR) if _PARTIAL.fullmatch(path.name) and _is_own(path) else None
        if lock is not None:
            path.unlink(missing_ok=True)
            os.close(lock)


def _make_folder(data_dir: Path) -> tuple[Path, int]:
    """Make a folder and lock it; again where another process swept it before it was locked."""
    while True:
        folder = _make_empty(data_dir)
        taken = _take(folder, _AS_FOLDER)
        if taken is not None:
            return folder, taken


def _make_empty(data_dir: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(dir=data_dir, prefix=_FOLDER))
    except OSError as error:
        if error.errno not in _NOT_WRITABLE:
            raise
        return Path(tempfile.mkdtemp(dir=_temporary(), prefix=_FOLDER))


def _make_partial(target: Path) -> tuple[Path, IO[bytes]]:
    """Make a file under a name that nobody knows before: the folder may be everybody's."""
    prefix = f"{target.name}.sangkat-"
    while True:
        made, name = tempfile.mkstemp(dir=target.parent, prefix=prefix, suffix=".partial")
        os.close(made)
        taken = _take(Path(name), os.O_RDWR)
        if taken is not None:
            return Path(name), os.fdopen(taken, "w+b")


def _take(path: Path, flags: int) -> int | None:
    """Return a locked descriptor of what is still there; None when another has it."""
    try:
        descriptor = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_there = os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        is_there = False
    if is_there:
        return descriptor
    os.close(descriptor)
    return None


def _is_own(path: Path) -> bool:
    try:
        return path.lstat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False


def _temporary() -> Path:
    return Path(tempfile.gettempdir())
