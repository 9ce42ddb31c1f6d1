"""The one file of a backup: a manifest with checksums, the database, the keys, and photos last.

A plain tar, so that anybody can open it without this program, usually sealed as a whole; mode
0600: the keys are in it. It is made as a stream of blocks: nothing of it is ever written unsealed.
"""

import hashlib
import lzma
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final, NamedTuple

import msgspec
from msgspec import Struct

from api.scratch import open_partial

MANIFEST: Final = "manifest.json"
MANIFEST_SUM: Final = "manifest.sha256"
#: Photos by their names in the register, and last of all their checksums as `sha256sum` has them.
PHOTOS: Final = "photos"
PHOTOS_SUMS: Final = "photos.sha256"
_PRIVATE: Final = 0o600
_VERSION: Final = 2
_READ_BYTES: Final = 256 * 1024
#: What the database is called in an archive, by engine.
ENGINES: Final = {"register.sqlite3": "SQLite", "register.pgdump": "PostgreSQL"}
#: What an operator does with it who wants it on the other one.
_WAYS: Final = {
    "SQLite": "restore it without SANGKAT_DATABASE, then `sangkat move` brings it to PostgreSQL",
    "PostgreSQL": "name a database for it in SANGKAT_DATABASE",
}
# What reading a file of unknown worth raises: tar, its three compressions, JSON.
_UNREADABLE: Final = (
    tarfile.TarError,
    OSError,
    EOFError,
    ValueError,
    RecursionError,
    lzma.LZMAError,
    zlib.error,
)


class Manifest(Struct, frozen=True, kw_only=True):
    """What an archive holds; `sha256` in hexadecimal by the name of the member.

    `photos`: the folder beside it that has them, empty where it has them itself; None in version 1,
    which knows of none.
    """

    version: int = 1
    log: str
    made_at: str
    sha256: dict[str, str]
    photos: str | None = None


class Photo(NamedTuple):
    """A photo by its name in the register and the SHA-256 of what is kept of it.

    Without `data` it lies beside the archive.
    """

    name: str
    sha256: str
    data: bytes | None = None


class ArchiveBroken(Exception):
    """An archive that is not what it was when it was made."""


Write = Callable[[Iterator[bytes], IO[bytes]], None]
"""Writes blocks into a file, as they are or sealed; what it returns from is proved to be there."""


def write_plainly(blocks: Iterator[bytes], file: IO[bytes]) -> None:
    """Write blocks as they are."""
    file.writelines(blocks)


class Abandoned(Exception):
    """Whoever wanted the archive has gone."""


def write_archive(
    target: Path,
    members: Mapping[str, Path],
    manifest: Manifest,
    write: Write = write_plainly,
    is_over: Callable[[], bool] = lambda: False,
    photos: Iterable[Photo] = (),
) -> Manifest:
    """Write an archive durably under its name, or not at all; return its manifest.

    Photos are asked for one after the other as they are written. Raises Abandoned soon after
    `is_over` says so.
    """
    sums = {name: hash_file(path) for name, path in members.items()}
    version = manifest.version if manifest.photos is None else _VERSION
    manifest = msgspec.structs.replace(manifest, version=version, sha256=sums)
    with open_partial(target) as file:
        write(_until(is_over, _make_blocks(members, manifest, photos)), file)
    return manifest


def _until(is_over: Callable[[], bool], blocks: Iterator[bytes]) -> Generator[bytes]:
    for block in blocks:
        if is_over():
            raise Abandoned
        yield block


def _make_blocks(
    members: Mapping[str, Path], manifest: Manifest, photos: Iterable[Photo]
) -> Generator[bytes]:
    """Yield an archive from its first byte to its last."""
    text = msgspec.json.format(msgspec.json.encode(manifest))
    yield from _make_text(MANIFEST, text)
    yield from _make_text(MANIFEST_SUM, hashlib.sha256(text).hexdigest().encode())
    for name, path in members.items():
        yield from _make_member(name, path)
    if manifest.photos is not None:
        yield from _make_photos(photos)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _make_photos(photos: Iterable[Photo]) -> Generator[bytes]:
    """Yield the photos, and after them their sums: each is read once, as it is written."""
    sums: list[str] = []
    for photo in photos:
        sums.append(f"{photo.sha256}  {PHOTOS}/{photo.name}\n")
        if photo.data is not None:
            yield from _make_text(f"{PHOTOS}/{photo.name}", photo.data)
    yield from _make_text(PHOTOS_SUMS, f"{''.join(sums)}# {len(sums)} photos\n".encode())


def _make_text(name: str, data: bytes) -> Generator[bytes]:
    yield _make_header(name, len(data))
    yield data
    yield _pad(len(data))


def _make_member(name: str, path: Path) -> Generator[bytes]:
    """Yield one file; its size is of the moment at which it is opened."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        yield _make_header(name, size)
        while data := file.read(_READ_BYTES):
            yield data
        yield _pad(size)


def _make_header(name: str, size: int) -> bytes:
    """Return what stands before a file: nothing of who made it or when."""
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, _PRIVATE
    return info.tobuf(tarfile.PAX_FORMAT)


def _pad(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)


def extract_archive(source: Path, folder: Path) -> Manifest:
    """Unpack an archive into an empty folder; raises ArchiveBroken unless every checksum holds.

    What it says of photos is not believed yet (`photos.find_photos`).
    """
    try:
        names = _unpack(source, folder)
        wanted = (folder / MANIFEST_SUM).read_text()
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except _UNREADABLE as error:
        raise ArchiveBroken(f"{source} is no backup: {error}") from error
    if hash_file(folder / MANIFEST) != wanted:
        raise ArchiveBroken(f"{source}: {MANIFEST} is damaged")
    if manifest.version > _VERSION:
        raise ArchiveBroken(f"{source} was made by a later version; this program is older")
    if manifest.photos is not None:
        names -= {PHOTOS_SUMS, *(name for name in names if name.startswith(f"{PHOTOS}/"))}
    _check_members(source, folder, manifest, names - {MANIFEST, MANIFEST_SUM})
    return manifest


def check_engine(source: Path, manifest: Manifest, database: str) -> None:
    """Raise ArchiveBroken where an archive holds the database of another engine."""
    others = [engine for name, engine in ENGINES.items() if name in manifest.sha256]
    if database not in manifest.sha256 and others:
        raise ArchiveBroken(f"{source} is of a register on {others[0]}: {_WAYS[others[0]]}")


def _check_members(source: Path, folder: Path, manifest: Manifest, names: set[str]) -> None:
    """Raise ArchiveBroken unless the members are those of the manifest, as they were."""
    # What no checksum stands for would still be opened: a write-ahead log changes a database.
    if unnamed := names - manifest.sha256.keys():
        raise ArchiveBroken(f"{source} is no backup: {min(unnamed)} does not belong into it")
    for name, digest in manifest.sha256.items():
        if name not in names or hash_file(folder / name) != digest:
            raise ArchiveBroken(f"{source}: {name} is damaged")


def _unpack(source: Path, folder: Path) -> set[str]:
    """Write every file of an archive; return their names."""
    with tarfile.open(source) as archive:
        for member in archive:
            _extract(archive, member, folder)
        return set(archive.getnames())


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file; by hand, for Debian 12's Python knows no `extractall(filter="data")`."""
    target = folder / member.name
    # Checked before it is opened: a link leads to another member, which may not be there.
    file = archive.extractfile(member) if member.isreg() else None
    if file is None or not target.resolve().is_relative_to(folder.resolve()):
        raise tarfile.TarError(f"{member.name} does not belong into a backup")
    target.parent.mkdir(parents=True, exist_ok=True)
    with file, target.open("xb") as copy:
        target.chmod(_PRIVATE)
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())


def keep_names(folder: Path) -> None:
    """Make durable which files a folder has under which names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
