"""What `sangkat restore` is given: opened, unpacked beside the data, and checked by its sums."""

import sys
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from api.backups.archive import ArchiveBroken, Manifest, check_engine, extract_archive
from api.backups.photos import gather_photos
from api.backups.sealing import SealingMissing, is_sealed, read_identities, unseal
from api.blobs.files import find_place, place
from api.commands.outcomes import WRONG_USE, Stopped
from api.ledger.keys import KeysBroken, read_keys
from api.settings import Settings

#: A whole folder of photos may be lost.
_NAMED_MAX: Final = 20


class Given(NamedTuple):
    """An archive, the files of the keys that open it, and whether its photos are wanted.

    `may_lack_photos` says that those which are missing or damaged are done without.
    `may_be_anothers` says that it may be of another register than the one that is there.
    """

    file: Path
    identities: Sequence[Path]
    has_photos: bool = True
    may_lack_photos: bool = False
    may_be_anothers: bool = False


def unpack(given: Given, settings: Settings, folder: Path, database: str) -> list[Path]:
    """Unpack an archive, with a database of this name, into a new folder; raises Stopped.

    Returns the photos in the folder that the register does not have.
    """
    plain = folder / "unsealed"
    keys = _read_keys(given) if is_sealed(given.file) else []
    try:
        archive = given.file
        if keys:
            unseal(given.file, plain, keys)
            archive = plain
        manifest = extract_archive(archive, folder)
        plain.unlink(missing_ok=True)
        check_engine(given.file, manifest, database)
        photos = _gather(given, settings, folder, manifest, keys)
    except ArchiveBroken as error:
        raise Stopped(str(error).replace(str(plain), str(given.file))) from error
    if manifest.log != settings.log:
        raise Stopped(f"{given.file} is of another province: {manifest.log}")
    if not given.may_be_anothers and _is_anothers(settings, folder):
        said = "the receipts that phones hold would prove nothing; --another-register puts it there"
        raise Stopped(f"{given.file} is of another register, its keys are not those here: {said}")
    return photos


def _is_anothers(settings: Settings, folder: Path) -> bool:
    """Say whether the keys in an archive are for certain not those of the register in place."""
    try:
        there, given = (
            {key.kid for key in read_keys(keys_dir).published}
            for keys_dir in (settings.keys_dir, replace(settings, data_dir=folder).keys_dir)
        )
    except KeysBroken:
        return False
    return bool(there and given) and there.isdisjoint(given)


def place_photos(settings: Settings, photos: Sequence[Path]) -> None:
    """Put photos among those that are there: none of them is ever written over."""
    for path in photos:
        place(settings.blobs_dir, path)


def _gather(
    given: Given, settings: Settings, folder: Path, manifest: Manifest, keys: Sequence[Any]
) -> list[Path]:
    def is_there(name: str) -> bool:
        return find_place(settings.blobs_dir, name).exists()

    if not given.has_photos:
        return []
    whole, lost = gather_photos(given.file, folder, manifest, is_there, keys)
    if lost and not given.may_lack_photos:
        raise Stopped(_describe_lost(given.file, lost))
    for path, wrong in lost.items():
        print(f"{given.file}: photo {path} is {wrong}: not restored", file=sys.stderr)
    return list(whole)


def _describe_lost(file: Path, lost: Mapping[Path, str]) -> str:
    """Name each lost photo in one line that a person can still read, and say how to go on."""
    named = ", ".join(f"{path} is {wrong}" for path, wrong in islice(lost.items(), _NAMED_MAX))
    more = f", and {len(lost) - _NAMED_MAX} more" if len(lost) > _NAMED_MAX else ""
    return f"{file}: photo {named}{more}; --without-lost-photos restores all else"


def _read_keys(given: Given) -> list[Any]:
    if not given.identities:
        why = f"{given.file} is sealed: --identity FILE names the key that opens it"
        raise Stopped(why, WRONG_USE)
    try:
        return [key for path in given.identities for key in read_identities(path)]
    except (SealingMissing, ArchiveBroken) as error:
        raise Stopped(str(error)) from error
