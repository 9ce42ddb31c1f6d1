"""Makes a backup of a register while it goes on: a consistent copy, packed with keys and photos.

Photos come after the copy: a photo is kept before its row is, so none is missing that has one.
"""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from api.backups.archive import Manifest, write_archive
from api.backups.sealing import choose_write
from api.backups.shelf import SECONDS_MAX, Shelf, read_photos
from api.problems import StorageFull
from api.register import Register
from api.scratch import open_scratch, sweep
from sync.instants import write_instant


async def make_backup(
    register: Register, target: Path, recipients: Sequence[str], shelf: Shelf | None = None
) -> int:
    """Write one archive for these public keys, plainly for none; raises NoRecipient.

    It has the photos in it unless there is a shelf for them. Returns how many photos are not there:
    not yet, or because they cannot be read, which the log says. Where the data's disk is full the
    copy in it is made beside the archive, whose disk needs room for it anyway.
    """
    packing = Packing(register, target, recipients, shelf)
    sweep(target.parent)
    try:
        return await packing.run(register.settings.data_dir)
    except StorageFull:
        return await packing.run(target.parent)


class Packing:
    """One backup on its way into one archive."""

    def __init__(
        self, register: Register, target: Path, recipients: Sequence[str], shelf: Shelf | None
    ) -> None:
        """Write nothing yet; raises NoRecipient."""
        self._register = register
        self._target = target
        self._shelf = shelf
        self._write = choose_write(recipients)
        self._is_over = threading.Event()

    async def run(self, place: Path) -> int:
        """Copy the database into a place, then pack it off the loop; return what is missing."""
        register = self._register
        with open_scratch(place) as folder:
            copy = folder / register.engine.copy_name
            await register.engine.backup(copy)
            made_at = write_instant(register.clock())
            try:
                return await asyncio.to_thread(self._pack, copy, made_at)
            finally:
                # A register that ends does not wait for gigabytes to be packed.
                self._is_over.set()

    def _pack(self, copy: Path, made_at: str) -> int:
        settings, is_over = self._register.settings, self._is_over.is_set
        members = {copy.name: copy, **find_keys(settings.keys_dir)}
        manifest = Manifest(log=settings.log, made_at=made_at, sha256={}, photos="")
        if self._shelf is None:
            missed: list[Path] = []
            photos = read_photos(settings.blobs_dir, missed)
            write_archive(self._target, members, manifest, self._write, is_over, photos)
            return len(missed)
        manifest = replace(manifest, photos=self._shelf.name)
        filled = self._shelf.fill(settings.blobs_dir, is_over, SECONDS_MAX)
        self._shelf.record(self._target, filled.photos)
        write_archive(self._target, members, manifest, self._write, is_over, filled.photos)
        return filled.waiting


def find_keys(keys_dir: Path) -> dict[str, Path]:
    """Return the keys of a register by their names in an archive."""
    return {f"keys/{path.name}": path for path in sorted(keys_dir.iterdir())}
