"""Photos on their way out of a backup: from the archive or from beside it, each by its hash."""

import errno
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from api.backups.archive import PHOTOS, PHOTOS_SUMS, ArchiveBroken, Manifest, hash_file
from api.backups.sealing import is_sealed, unseal
from api.blobs.files import is_kept_name

_LINE: Final = re.compile(rf"([0-9a-f]{{64}})  {PHOTOS}/(\S+)")
_ENDINGS: Final = (".jpeg.age", ".jpeg")


class Gathered(NamedTuple):
    """The photos of an archive that are as they were, and what is wrong with each of the others.

    Those are named by where they lie, or should.
    """

    whole: Sequence[Path]
    lost: Mapping[Path, str]


def gather_photos(
    source: Path,
    folder: Path,
    manifest: Manifest,
    is_there: Callable[[str], bool],
    identities: Sequence[Any],
) -> Gathered:
    """Find the photos of an unpacked archive that are not there yet, as they were when packed.

    Those from beside it are put into `folder` too. Raises ArchiveBroken where nobody can tell which
    photos there were.
    """
    if manifest.photos is None:
        return Gathered([], {})
    listed = _read_sums(source, folder)
    inside = {path.name for path in (folder / PHOTOS).glob("*")}
    if unnamed := inside - listed.keys():
        raise ArchiveBroken(f"{source} is no backup: {min(unnamed)} does not belong into it")
    beside = source.absolute().parent / manifest.photos if manifest.photos else None
    whole: list[Path] = []
    lost: dict[Path, str] = {}
    for name, sha256 in listed.items():
        if is_there(name):
            continue
        target = folder / PHOTOS / name
        place = _find_beside(beside, sha256) if beside else Path(PHOTOS, name)
        if not (folder / place).is_file():
            lost[place] = "missing"
        elif (beside and not _bring(place, target, identities)) or hash_file(target) != sha256:
            lost[place] = "damaged"
        else:
            whole.append(target)
    return Gathered(whole, lost)


def _read_sums(source: Path, folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each photo by its name, from a list that says how many they are."""
    path = folder / PHOTOS_SUMS
    lines = path.read_text(errors="replace").splitlines() if path.is_file() else []
    found = [_LINE.fullmatch(line) for line in lines[:-1]]
    sums = {one[2]: one[1] for one in found if one is not None and is_kept_name(one[2])}
    if not lines or lines[-1] != f"# {len(sums)} photos" or len(sums) != len(found):
        raise ArchiveBroken(f"{source}: {PHOTOS_SUMS} is damaged")
    return sums


def _find_beside(folder: Path, sha256: str) -> Path:
    """Return where a photo lies beside the archive, or should."""
    paths = [folder / sha256[:2] / f"{sha256}{ending}" for ending in _ENDINGS]
    return next((path for path in paths if path.is_file()), paths[0])


def _bring(source: Path, target: Path, identities: Sequence[Any]) -> bool:
    """Write a photo from beside the archive, opened if it is sealed; say whether it can be read."""
    target.parent.mkdir(exist_ok=True)
    try:
        if is_sealed(source):
            unseal(source, target, identities)
            return True
        data = source.read_bytes()
    except ArchiveBroken:
        return False
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return False
    target.write_bytes(data)
    return True
