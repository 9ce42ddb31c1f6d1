"""Makes a backup of a register while it goes on: a consistent copy, packed with the keys."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

from api.backups.archive import Manifest, write_archive
from api.backups.sealing import choose_write
from api.problems import StorageFull
from api.register import Register
from api.scratch import open_scratch, sweep
from sync.instants import write_instant


async def make_backup(register: Register, target: Path, recipients: Sequence[str]) -> Manifest:
    """Write one archive for these public keys, plainly for none; raises NoRecipient.

    Where the data's disk is full the copy in it is made beside the archive, whose disk needs room
    for it anyway.
    """
    sweep(target.parent)
    try:
        return await _back_up(register, target, recipients, register.settings.data_dir)
    except StorageFull:
        return await _back_up(register, target, recipients, target.parent)


async def _back_up(
    register: Register, target: Path, recipients: Sequence[str], place: Path
) -> Manifest:
    """Copy the database into a place, then pack it with the keys off the loop."""
    write, is_over = choose_write(recipients), threading.Event()
    with open_scratch(place) as folder:
        copy = folder / register.engine.copy_name
        await register.engine.backup(copy)
        members = {copy.name: copy, **find_keys(register.settings.keys_dir)}
        made_at = write_instant(register.clock())
        manifest = Manifest(log=register.log, made_at=made_at, sha256={})
        try:
            return await asyncio.to_thread(
                write_archive, target, members, manifest, write, is_over.is_set
            )
        finally:
            # A register that ends does not wait for gigabytes to be packed.
            is_over.set()


def find_keys(keys_dir: Path) -> dict[str, Path]:
    """Return the keys of a register by their names in an archive."""
    return {f"keys/{path.name}": path for path in sorted(keys_dir.iterdir())}
