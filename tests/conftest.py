"""What every test of the register may ask for by name."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.world import World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A register of its own, with an owner, an officer and a program."""
    async with open_world(tmp_path) as opened:
        yield opened
