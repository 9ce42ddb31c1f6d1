"""Backups of a register while it goes on: a consistent copy through its writer, in one file."""

import asyncio
from pathlib import Path

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from api.administration.archive import Manifest, write_archive
from api.problems import StorageFull, Unprocessable
from api.register import Register
from api.scratch import open_scratch, sweep
from sync.instants import write_instant
from sync.messages import FieldError


class BackingUp(Struct, frozen=True):
    """Where the archive goes: an absolute path on this machine."""

    path: str


class BackupsController(Controller):
    """Copies of everything that a register needs to live again."""

    path = "/backups"

    @post()
    async def make(
        self, register: NamedDependency[Register], data: JSONBody[BackingUp]
    ) -> Manifest:
        """Write one archive; what is committed before the call is in it."""
        target = Path(data.path)
        if not (target.is_absolute() and target.parent.is_dir()):
            raise Unprocessable("schema", errors=(FieldError("/path", "field.value"),))
        return await make_backup(register, target)


async def make_backup(register: Register, target: Path) -> Manifest:
    """Write one archive; where the data's disk is full the copy in it is made beside the archive.

    The archive's disk needs room for it anyway.
    """
    sweep(target.parent)
    try:
        return await _back_up(register, target, register.settings.data_dir)
    except StorageFull:
        return await _back_up(register, target, target.parent)


async def _back_up(register: Register, target: Path, place: Path) -> Manifest:
    """Copy the database into a place, then pack it with the keys off the loop."""
    settings = register.settings
    with open_scratch(place) as folder:
        copy = folder / settings.database_path.name
        await register.engine.backup(copy)
        keys = {f"keys/{path.name}": path for path in sorted(settings.keys_dir.iterdir())}
        manifest = Manifest(
            log=register.log,
            made_at=write_instant(register.clock()),
            sha256={},
        )
        members = {copy.name: copy, **keys}
        return await asyncio.to_thread(write_archive, target, members, manifest)
