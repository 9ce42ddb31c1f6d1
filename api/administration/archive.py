"""The one file of a backup: the database, the keys and a manifest with their checksums.

A plain tar, so that anybody can open it without this program; mode 0600: the keys are in it.
"""

import hashlib
import io
import lzma
import os
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

import msgspec
from msgspec import Struct

from api.scratch import open_partial

MANIFEST: Final = "manifest.json"
MANIFEST_SUM: Final = "manifest.sha256"
_PRIVATE: Final = 0o600
_VERSION: Final = 1
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


def write_archive(target: Path, members: Mapping[str, Path], manifest: Manifest) -> Manifest:
    """Write an archive durably under its name, or not at all; return its manifest."""
    sums = {name: _hash(path) for name, path in members.items()}
    manifest = msgspec.structs.replace(manifest, sha256=sums)
    with open_partial(target) as file:
        _write(file, members, manifest)
    return manifest


def _write(file: IO[bytes], members: Mapping[str, Path], manifest: Manifest) -> None:
    with tarfile.open(fileobj=file, mode="w") as archive:
        text = msgspec.json.format(msgspec.json.encode(manifest))
        _add(archive, MANIFEST, text)
        _add(archive, MANIFEST_SUM, hashlib.sha256(text).hexdigest().encode())
        for name, path in members.items():
            archive.add(path, name, filter=_anonymous)


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


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), _PRIVATE
    archive.addfile(info, io.BytesIO(data))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uid, member.gid, member.uname, member.gname = _PRIVATE, 0, 0, "", ""
    return member
