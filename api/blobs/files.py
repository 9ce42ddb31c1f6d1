"""Where photos lie: unfinished ones and those drawn anew, in folders two levels deep.

Whatever a function here returns from is on the disk. Nothing here knows the database, and all of it
blocks: it runs in a thread.
"""

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from api.blobs.records import Blob
from api.problems import Overloaded, StorageFull
from api.scratch import open_partial

_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
_KEPT: Final = ".jpeg"
_UNFINISHED: Final = ".part"
_NAME: Final = re.compile(rf"[0-9a-f]{{64}}-[0-9a-f]{{32}}({_KEPT}|{_UNFINISHED})")
#: What declarations must find free whatever photos come: text goes first.
SPARE_BYTES: Final = 64 * 1024 * 1024


class Unfinished:
    """The file of one unfinished photo, held against every other request and process."""

    def __init__(self, path: Path) -> None:
        """Make it if need be and hold it; raises Overloaded while another does."""
        self.path = path
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
        self._file = os.fdopen(os.open(path, flags, _PRIVATE), "r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_there = os.fstat(self._file.fileno()).st_nlink > 0
        except BlockingIOError:
            is_there = False
        # Whoever held it last may have deleted it before it was locked here.
        if not is_there:
            self._file.close()
            raise Overloaded(retry_after=1)

    def __enter__(self) -> Self:
        """Hold it until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let others have it."""
        self._file.close()

    def put(self, offset: int, data: bytes) -> None:
        """Write durably from an offset on; what a broken-off write left beyond it goes."""
        self._file.truncate(offset)
        self._file.seek(offset)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        os.fsync(self._file.fileno())

    def hash(self) -> bytes:
        """Return the SHA-256 of what is there."""
        self._file.seek(0)
        return hashlib.file_digest(self._file, "sha256").digest()

    def drop(self) -> None:
        """Delete it."""
        self.path.unlink(missing_ok=True)


class BlobFiles:
    """The photos of one register."""

    def __init__(self, folder: Path) -> None:
        """Keep them below a folder, which need not exist yet."""
        self._folder = folder

    def take(self, blob: Blob) -> Unfinished:
        """Return the unfinished file of a photo, held; raises Overloaded while another holds it."""
        path = self._place(blob, _UNFINISHED)
        _make_folders(self._folder, path.parent)
        is_new = not path.exists()
        held = Unfinished(path)
        if is_new:
            _keep_names(path.parent)
        return held

    def check_room(self) -> None:
        """Raise StorageFull while there is no more room than declarations may need."""
        _make_folders(self._folder, self._folder)
        system = os.statvfs(self._folder)
        if system.f_bavail * system.f_frsize < SPARE_BYTES:
            raise StorageFull(retry_after=600)

    def measure(self, blob: Blob) -> int:
        """Return how many bytes are there of what is not finished."""
        # Another request may delete it at any moment: it is not asked for twice.
        try:
            return self._place(blob, _UNFINISHED).stat().st_size
        except FileNotFoundError:
            return 0

    def keep(self, blob: Blob, data: bytes) -> None:
        """Write what was drawn anew, durably under its name or not at all."""
        path = self._place(blob, _KEPT)
        with open_partial(path) as file:
            file.write(data)
        _keep_names(path.parent)

    def read(self, blob: Blob) -> bytes | None:
        """Return what was drawn anew; None where it did not come along with a restored register."""
        try:
            return self._place(blob, _KEPT).read_bytes()
        except FileNotFoundError:
            return None

    def has(self, blob: Blob) -> bool:
        """Say whether what was drawn anew is there."""
        return self._place(blob, _KEPT).exists()

    def delete(self, blob: Blob) -> None:
        """Delete all that is there of a photo."""
        for ending in (_KEPT, _UNFINISHED):
            self._place(blob, ending).unlink(missing_ok=True)

    def list_all(self) -> list[Path]:
        """Return every file of a photo, finished or not."""
        return [path for path in _list_files(self._folder) if path.is_file()]

    def list_places(self, blob: Blob) -> list[Path]:
        """Return where a photo may lie by what is known of it."""
        kept = self._place(blob, _KEPT)
        return [kept, self._place(blob, _UNFINISHED)] if blob.state == "begun" else [kept]

    def _place(self, blob: Blob, ending: str) -> Path:
        return find_place(self._folder, f"{blob.name}-{blob.account_id.hex}{ending}")


def place(folder: Path, path: Path) -> None:
    """Put a finished photo where the register looks for it, durably, unless one is there.

    `path` has the name of such a file; it may be on another disk.
    """
    target = find_place(folder, path.name)
    if not target.exists():
        _make_folders(folder, target.parent)
        with path.open("rb") as source, open_partial(target) as file:
            shutil.copyfileobj(source, file)
        _keep_names(target.parent)


def find_place(folder: Path, name: str) -> Path:
    """Return where the file of a photo lies below the folder of photos."""
    return folder / name[:2] / name[2:4] / name


def read_kept(log: str, path: Path, now_ms: int) -> Blob:
    """Return what the file of a finished photo says of it; how long it was, it does not."""
    sha256, _, account = path.stem.partition("-")
    size = path.stat().st_size
    return Blob(
        log=log,
        account_id=UUID(account),
        sha256=bytes.fromhex(sha256),
        state="kept",
        length=size,
        received=size,
        kept_bytes=size,
        begun_ms=round(path.stat().st_mtime * 1_000),
        seen_ms=now_ms,
    )


def is_kept_name(name: str) -> bool:
    """Say whether a finished photo may be called so."""
    return name.endswith(_KEPT) and _NAME.fullmatch(name) is not None


def list_kept(folder: Path) -> Iterator[Path]:
    """Return the file of every finished photo below the folder of photos: what a backup takes.

    A file is written once and never changed; one may be deleted while others are listed.
    """
    return (path for path in _list_files(folder) if path.suffix == _KEPT)


def _list_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("??/??/*") if _NAME.fullmatch(path.name))


def _make_folders(top: Path, folder: Path) -> None:
    """Make a folder below `top`, and `top` itself, each durably and for this user alone."""
    missing = [one for one in (folder, *folder.parents) if top in (one, *one.parents)]
    for one in reversed(missing):
        if not one.exists():
            one.mkdir(mode=_PRIVATE_FOLDER, exist_ok=True)
            _keep_names(one.parent)


def _keep_names(folder: Path) -> None:
    """Make durable which files a folder has under which names."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
