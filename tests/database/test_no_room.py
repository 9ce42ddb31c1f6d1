"""A copy that finds no room says so, as a write does: the operator makes space and tries again."""

import resource
from pathlib import Path

import pytest

from api.problems import StorageFull
from tests.world import World


async def test_a_copy_that_finds_no_room_is_no_defect(world: World, tmp_path: Path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, hard))
    try:
        with pytest.raises(StorageFull):
            await world.register.engine.backup(tmp_path / "copy.sqlite3")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await world.register.engine.backup(tmp_path / "another.sqlite3")
