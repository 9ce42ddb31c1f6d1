"""The one file of a backup: the database, the keys and a manifest with their checksums.

A plain tar, so that anybody can open it without this program, usually sealed as a whole; mode
0600: the keys are in it. It is made as a stream of blocks: nothing of it is ever written unsealed.
"""

import hashlib
import lzma
import os
import shutil
import tarfile
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct

from api.scratch import open_partial

MANIFEST: Final = "manifest.json"
MANIFEST_SUM: Final = "manifest.sha256"
_PRIVATE: Final = 0o600
_VERSION: Final = 1
_READ_BYTES: Final = 256 * 1024
#: What the database is called in an archive, by engine.
ENGINES: Final = {"register.sqlite3": "SQLite", "register.pgdump": "PostgreSQL"}
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
    """What an archive holds; `sha256` in hexadecimal by the name of the member."""

    version: int = _VERSION
    log: str
    made_at: str
    sha256: dict[str, str]


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
) -> Manifest:
    """Write an archive durably under its name, or not at all; return its manifest.

    Raises Abandoned soon after `is_over` says so.
    """
    sums = {name: _hash(path) for name, path in members.items()}
    manifest = msgspec.structs.replace(manifest, sha256=sums)
    with open_partial(target) as file:
        write(_until(is_over, _make_blocks(members, manifest)), file)
    return manifest


def _until(is_over: Callable[[], bool], blocks: Iterator[bytes]) -> Generator[bytes]:
    for block in blocks:
        if is_over():
            raise Abandoned
        yield block


def _make_blocks(members: Mapping[str, Path], manifest: Manifest) -> Generator[bytes]:
    """Yield an archive from its first byte to its last."""
    text = msgspec.json.format(msgspec.json.encode(manifest))
    for name, data in (
        (MANIFEST, text),
        (MANIFEST_SUM, hashlib.sha256(text).hexdigest().encode()),
    ):
        yield _make_header(name, len(data))
        yield data
        yield _pad(len(data))
    for name, path in members.items():
        yield from _make_member(name, path)
    yield bytes(2 * tarfile.BLOCKSIZE)


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
    """Unpack an archive into an empty folder; raises ArchiveBroken unless every checksum holds."""
    try:
        names = _unpack(source, folder)
        wanted = (folder / MANIFEST_SUM).read_text()
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except _UNREADABLE as error:
        raise ArchiveBroken(f"{source} is no backup: {error}") from error
    if _hash(folder / MANIFEST) != wanted:
        raise ArchiveBroken(f"{source}: {MANIFEST} is damaged")
    if manifest.version > _VERSION:
        raise ArchiveBroken(f"{source} was made by a later version; this program is older")
    _check_members(source, folder, manifest, names - {MANIFEST, MANIFEST_SUM})
    return manifest


def check_engine(source: Path, manifest: Manifest, database: str) -> None:
    """Raise ArchiveBroken where an archive holds the database of another engine."""
    others = [engine for name, engine in ENGINES.items() if name in manifest.sha256]
    if database not in manifest.sha256 and others:
        why = f"of a register on {others[0]}; this one is on {ENGINES[database]}"
        raise ArchiveBroken(f"{source} is {why}")


def _check_members(source: Path, folder: Path, manifest: Manifest, names: set[str]) -> None:
    """Raise ArchiveBroken unless the members are those of the manifest, as they were."""
    # What no checksum stands for would still be opened: a write-ahead log changes a database.
    if unnamed := names - manifest.sha256.keys():
        raise ArchiveBroken(f"{source} is no backup: {min(unnamed)} does not belong into it")
    for name, digest in manifest.sha256.items():
        if name not in names or _hash(folder / name) != digest:
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


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
