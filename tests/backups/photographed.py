"""Backups of a register with three photos: made, looked into and restored."""

from collections.abc import Sequence
from pathlib import Path

from api.backups.folder import back_up_into
from api.backups.sealing import make_identity
from api.blobs.files import list_kept
from tests.commands.served import sangkat
from tests.world import World

IDENTITY, PUBLIC = make_identity()
SIZES = ((64, 48), (65, 48), (66, 48))


def read_all(blobs: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in list_kept(blobs)}


def list_beside(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.photos/*/*/*"))


def find_list(folder: Path) -> Path:
    (listed,) = folder.glob("*.photos/*.list")
    return listed


def restore(archive: Path, *flags: str) -> tuple[int, str, Path]:
    """Restore an archive where there is nothing; return how it ended, what it said, where."""
    data = archive.parent.parent / f"data{len(list(archive.parent.parent.glob('data*')))}"
    key = archive.parent.parent / "key.txt"
    done = sangkat("restore", archive, "--identity", key, *flags, data=data)
    return done.returncode, done.stderr, data


async def back_up(world: World, folder: Path, recipients: Sequence[str] = (PUBLIC,)) -> Path:
    made = await back_up_into(world.register, folder, recipients)
    assert made.waiting == 0
    return made.path
