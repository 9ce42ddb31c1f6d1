"""The photos beside the archives of a folder: each written once, kept while an archive names it.

A backup every few minutes would otherwise write all of them every few minutes. Each is sealed like
the archives and named by the SHA-256 of what is kept of it. Beside them stands for each archive a
list of those that it needs, for nobody here could open the archive to look. It names photos of the
register by digests that tell nothing to who does not know them.
"""

import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final, NamedTuple

from api.backups.archive import Abandoned, Photo
from api.backups.sealing import choose_write
from api.blobs.files import list_kept
from api.scratch import make_folder, open_partial

#: How long an archive of the log waits at most for photos; the next one has the others.
SECONDS_MAX: Final = 60
_LIST: Final = ".list"
logger: Final = logging.getLogger("sangkat")
_PLACE: Final = re.compile(r"(?:[0-9a-f]{16}|open)/[0-9a-f]{2}/([0-9a-f]{64})\.jpeg(?:\.age)?")


class Filled(NamedTuple):
    """The photos of the register that are here, and how many are not yet."""

    photos: Sequence[Photo]
    waiting: int


class Shelf:
    """The photos of one log, sealed to the same keys, beside its archives."""

    def __init__(self, folder: Path, log: str, recipients: Sequence[str]) -> None:
        """Use what is in the folder already, if it is sealed to these."""
        keys = "\n".join(sorted(recipients))
        self._log = log
        self._top = find_top(folder, log)
        self._mark = hashlib.sha256(keys.encode()).hexdigest()[:16] if keys else "open"
        self._ending = ".jpeg.age" if recipients else ".jpeg"
        self._write = choose_write(recipients)

    @property
    def name(self) -> str:
        """Where an archive's photos are, seen from the archive."""
        return f"{self._top.name}/{self._mark}"

    def fill(self, blobs_dir: Path, is_over: Callable[[], bool], seconds: float) -> Filled:
        """Add the photos that are missing, for so long; raises Abandoned when it is over."""
        known, ends = self._read_newest(), time.monotonic() + seconds
        photos: list[Photo] = []
        waiting = 0
        for path in sorted(list_kept(blobs_dir)):
            if is_over():
                raise Abandoned
            sha256 = known.get(_digest(path.name))
            if sha256 is None and time.monotonic() < ends:
                sha256 = self._add(path)
            if sha256 is None:
                waiting += path.exists()
            else:
                photos.append(Photo(path.name, sha256))
        return Filled(photos, waiting)

    def record(self, archive: Path, photos: Sequence[Photo]) -> None:
        """List what an archive needs before it has its name; nothing where no photo ever was."""
        stamp = archive.name.removeprefix(f"{self._log}.").partition(".")[0]
        if photos:
            make_folder(self._top)
        if self._top.is_dir():
            lines = (f"{_digest(photo.name)} {self._place(photo.sha256)}\n" for photo in photos)
            with open_partial(self._top / f"{stamp}{_LIST}") as file:
                file.write("".join(lines).encode())

    def _read_newest(self) -> dict[str, str]:
        """Return the SHA-256 of photos that are here, by the digests of their names."""
        lists = sorted(self._top.glob(f"*{_LIST}"))
        return {
            digest: sha256
            for digest, place, sha256 in (_read_list(lists[-1]) if lists else ())
            if place == self._place(sha256) and (self._top / place).exists()
        }

    def _add(self, path: Path) -> str | None:
        """Write one photo unless it is there; None where it cannot be read: the rest goes on."""
        data = _read(path)
        if data is None:
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._top / self._place(sha256)
        if not target.exists():
            make_folder(target.parent)
            with open_partial(target) as file:
                self._write(iter((data,)), file)
        return sha256

    def _place(self, sha256: str) -> str:
        return f"{self._mark}/{sha256[:2]}/{sha256}{self._ending}"


def find_top(folder: Path, log: str) -> Path:
    """Return where the photos of a log lie beside its archives."""
    return folder / f"{log}.photos"


def clear_shelf(top: Path, stamps: AbstractSet[str]) -> None:
    """Delete what no archive needs any more; `stamps` are the archives that there are.

    Where one of them has no list, nobody knows what it needs: then no photo goes.
    """
    listed = {path.stem for path in top.glob(f"*{_LIST}")}
    gone = [top / f"{stamp}{_LIST}" for stamp in listed - stamps]
    if not (gone and stamps <= listed):
        return
    left = {place for path in gone for _, place, _ in _read_list(path)}
    for stamp in sorted(stamps, reverse=True):
        if not left:
            break
        left -= {place for _, place, _ in _read_list(top / f"{stamp}{_LIST}")}
    for place in left:
        (top / place).unlink(missing_ok=True)
    # Last: as long as its list is there, a deletion that was broken off is done again.
    for path in gone:
        path.unlink()


def _read_list(path: Path) -> list[tuple[str, str, str]]:
    """Return digest, place and SHA-256 of each photo; no place outside the folder."""
    found: list[tuple[str, str, str]] = []
    for line in path.read_text().splitlines():
        digest, _, place = line.partition(" ")
        if match := _PLACE.fullmatch(place):
            found.append((digest, place, match[1]))
    return found


def _digest(name: str) -> str:
    """Return what stands for a photo of the register: its name says whose it is."""
    return hashlib.sha256(b"photo\n" + name.encode()).hexdigest()


def read_photos(blobs_dir: Path, missed: list[Path]) -> Iterator[Photo]:
    """Read the kept photos of a register, one after the other; add those that cannot be read."""
    for path in sorted(list_kept(blobs_dir)):
        data = _read(path)
        if data is not None:
            yield Photo(path.name, hashlib.sha256(data).hexdigest(), data)
        elif path.exists():
            missed.append(path)


def _read(path: Path) -> bytes | None:
    """Return a photo; None where it cannot be read, which the log says, for the rest goes on."""
    try:
        return path.read_bytes()
    except FileNotFoundError:  # the register deleted it meanwhile
        return None
    except OSError as error:
        name = path.name.partition("-")[0]
        logger.warning("backup: photo %s is not in it: %s", name, error.strerror)
        return None
