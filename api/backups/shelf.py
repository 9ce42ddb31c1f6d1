"""The photos beside the archives of a folder: each written once, kept while an archive names it.

A backup every few minutes would otherwise write all of them every few minutes. Each is sealed like
the archives and named by the SHA-256 of what is kept of it. Beside them stands for each archive a
list of those that it needs, for nobody here could open the archive to look. It names photos of the
register by digests that tell nothing to who does not know them, and says what each file beside the
archives was when it was written: one that is so no more is written anew while the register has it.
"""

import hashlib
import logging
import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final, NamedTuple

from api.backups.archive import Abandoned, Photo, hash_file
from api.backups.sealing import choose_write
from api.blobs.files import list_kept
from api.scratch import make_folder, open_partial

#: How long an archive of the log waits at most for photos; the next one has the others.
SECONDS_MAX: Final = 60
#: How many photos a backup reads again, drawn by lot: 5,000 have had their turn in some hundreds.
REREAD_COUNT: Final = 50
_LIST: Final = ".list"
logger: Final = logging.getLogger("sangkat")
_PLACE: Final = re.compile(r"(?:[0-9a-f]{16}|open)/[0-9a-f]{2}/([0-9a-f]{64})\.jpeg(?:\.age)?")
_MARK: Final = re.compile(r"([0-9a-f]{64})(?::(\d{1,15}):([0-9a-f]{64}))?")


class Kept(NamedTuple):
    """A photo beside the archives: the SHA-256 of what is in it, its size and SHA-256 as a file.

    Lists of before know neither size nor file.
    """

    sha256: str
    size: int | None = None
    file_sha256: str | None = None


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
        self._kept: dict[str, Kept] = {}

    @property
    def name(self) -> str:
        """Where an archive's photos are, seen from the archive."""
        return f"{self._top.name}/{self._mark}"

    def fill(self, blobs_dir: Path, is_over: Callable[[], bool], seconds: float) -> Filled:
        """Add the photos that are missing, for so long; raises Abandoned when it is over."""
        ends = time.monotonic() + seconds
        names = self._read_newest()
        self._drop_damaged(is_over, ends)
        photos: list[Photo] = []
        waiting = 0
        for path in sorted(list_kept(blobs_dir)):
            if is_over():
                raise Abandoned
            kept = self._kept.get(names.get(_digest(path.name), ""))
            if (kept is None or kept.size is None) and time.monotonic() < ends:
                kept = self._add(path) or kept
            if kept is None:
                waiting += path.exists()
            else:
                photos.append(Photo(path.name, kept.sha256))
        return Filled(photos, waiting)

    def record(self, archive: Path, photos: Sequence[Photo]) -> None:
        """List what an archive needs before it has its name; nothing where no photo ever was."""
        stamp = archive.name.removeprefix(f"{self._log}.").partition(".")[0]
        if photos:
            make_folder(self._top)
        if self._top.is_dir():
            lines = (self._describe(_digest(photo.name), photo.sha256) for photo in photos)
            with open_partial(self._top / f"{stamp}{_LIST}") as file:
                file.write("".join(lines).encode())

    def _read_newest(self) -> dict[str, str]:
        """Keep in mind the photos that are here and as long as written; return which is whose."""
        lists = sorted(self._top.glob(f"*{_LIST}"))
        listed = _read_list(lists[-1]) if lists else []
        here = {kept.sha256: kept for _, place, kept in listed if place == self._place(kept.sha256)}
        self._kept = {sha256: kept for sha256, kept in here.items() if self._is_as_long(kept)}
        return {digest: kept.sha256 for digest, _, kept in listed}

    def _is_as_long(self, kept: Kept) -> bool:
        place = self._place(kept.sha256)
        try:
            size = (self._top / place).stat().st_size
        except FileNotFoundError:
            return False
        return kept.size in (None, size) or _warn_of(place)

    def _drop_damaged(self, is_over: Callable[[], bool], ends: float) -> None:
        """Forget those that are not as written among a few, for so long: they are added anew."""
        known = [kept for kept in self._kept.values() if kept.file_sha256]
        for kept in random.sample(known, min(REREAD_COUNT, len(known))):
            if is_over() or time.monotonic() > ends:
                break
            if not self._is_as_written(kept):
                del self._kept[kept.sha256]

    def _is_as_written(self, kept: Kept) -> bool:
        place = self._place(kept.sha256)
        try:
            is_whole = hash_file(self._top / place) == kept.file_sha256
        except OSError:
            is_whole = False
        return is_whole or _warn_of(place)

    def _add(self, path: Path) -> Kept | None:
        """Write one photo unless it is whole; None where it cannot be read: the rest goes on.

        What is there already without having been found whole may be anything: it is replaced.
        """
        data = _read(path)
        if data is None:
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        found = self._kept.get(sha256)
        if found and found.size is not None:  # two accounts sent the same
            return found
        target = self._top / self._place(sha256)
        make_folder(target.parent)
        with open_partial(target) as file:
            self._write(iter((data,)), file)
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            kept = Kept(sha256, size, hashlib.sha256(file.read()).hexdigest())
        self._kept[sha256] = kept
        return kept

    def _describe(self, digest: str, sha256: str) -> str:
        """Return a line of a list; what is new in it stands where an older program overlooks it."""
        kept = self._kept[sha256]
        mark = "" if kept.size is None else f":{kept.size}:{kept.file_sha256}"
        return f"{digest}{mark} {self._place(sha256)}\n"

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


def _read_list(path: Path) -> list[tuple[str, str, Kept]]:
    """Return digest, place and state of each photo; no place outside the folder."""
    found: list[tuple[str, str, Kept]] = []
    for line in path.read_text().splitlines():
        said, _, place = line.partition(" ")
        match, mark = _PLACE.fullmatch(place), _MARK.fullmatch(said)
        if match:
            digest, size, file_sha256 = mark.groups() if mark else (said, None, None)
            kept = Kept(match[1], int(size) if size else None, file_sha256)
            found.append((digest, place, kept))
    return found


def _warn_of(place: str) -> bool:
    """Say in the log that a photo is not as it was written; return False."""
    logger.warning("backup: photo %s beside the archives is damaged", place)
    return False


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
