"""Photos on their way out of a backup: from the archive or from beside it, each by its hash."""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from api.backups.archive import PHOTOS, PHOTOS_SUMS, ArchiveBroken, Manifest, hash_file
from api.backups.sealing import is_sealed, unseal
from api.blobs.files import is_kept_name

_LINE: Final = re.compile(rf"([0-9a-f]{{64}})  {PHOTOS}/(\S+)")
_ENDINGS: Final = (".jpeg.age", ".jpeg")


def gather_photos(
    source: Path,
    folder: Path,
    manifest: Manifest,
    is_there: Callable[[str], bool],
    identities: Sequence[Any],
) -> list[Path]:
    """Return the photos of an unpacked archive that are not there yet, as they were when packed.

    Those from beside it are put into `folder` too. Raises ArchiveBroken where one is missing or
    damaged.
    """
    if manifest.photos is None:
        return []
    listed = _read_sums(source, folder)
    inside = {path.name for path in (folder / PHOTOS).glob("*")}
    if unnamed := inside - listed.keys():
        raise ArchiveBroken(f"{source} is no backup: {min(unnamed)} does not belong into it")
    wanted = {name: sha256 for name, sha256 in listed.items() if not is_there(name)}
    places = {name: Path(PHOTOS, name) for name in wanted}
    if manifest.photos:
        beside = source.absolute().parent / manifest.photos
        places = {name: _find_beside(beside, sha256) for name, sha256 in wanted.items()}
    _check_each(source, {place: (folder / place).is_file() for place in places.values()}, "missing")
    for name, place in places.items() if manifest.photos else ():
        _bring(place, folder / PHOTOS / name, identities)
    wholes = {name: hash_file(folder / PHOTOS / name) == wanted[name] for name in wanted}
    _check_each(source, {places[name]: is_whole for name, is_whole in wholes.items()}, "damaged")
    return [folder / PHOTOS / name for name in wanted]


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


def _bring(source: Path, target: Path, identities: Sequence[Any]) -> None:
    """Write a photo from beside the archive, opened if it is sealed."""
    target.parent.mkdir(exist_ok=True)
    if is_sealed(source):
        unseal(source, target, identities)
    else:
        shutil.copyfile(source, target)


def _check_each(source: Path, states: Mapping[Path, bool], wrong: str) -> None:
    """Raise ArchiveBroken for photos that are not as they must be, with the first one's place."""
    bad = [path for path, is_good in states.items() if not is_good]
    if bad:
        more = f", and {len(bad) - 1} more" if len(bad) > 1 else ""
        raise ArchiveBroken(
            f"{source}: photo {bad[0]} is {wrong}{more}; --without-photos restores all else"
        )
