"""A register with photos, and a folder for its backups with the key that opens them beside it."""

from pathlib import Path

import pytest

from tests.backups.photographed import IDENTITY, SIZES
from tests.blobs.photos import make_photo, send_photo
from tests.world import World


@pytest.fixture
async def lived(world: World) -> World:
    """A register with three photos, one of them of premises."""
    for size in SIZES:
        assert (await send_photo(world, world.owner, make_photo(size))).is_success
    return world


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    (tmp_path / "key.txt").write_text(IDENTITY)
    return made
