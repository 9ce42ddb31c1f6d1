"""What the register does by itself goes on after a database that was away."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from api import housekeeping
from api.database.engine import Engine
from api.problems import Overloaded
from tests.world import World

SECONDS_MAX = 60


class Returning:
    """The engine of a register whose database is away when it is asked first."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_away = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    async def read(self, work: Any) -> Any:
        if self._is_away:
            self._is_away = False
            raise Overloaded
        return await self._engine.read(work)


async def test_files_that_nobody_knows_go_although_the_database_was_away_at_the_start(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(housekeeping, "INTERVAL_SECONDS", 0.01)
    left = world.register.settings.blobs_dir / "00" / "00" / f"{'0' * 64}-{'0' * 32}.jpeg"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"TEST DATA")
    engine: Any = Returning(world.register.engine)
    keeping = asyncio.create_task(housekeeping.keep_house(replace(world.register, engine=engine)))
    try:
        async with asyncio.timeout(SECONDS_MAX):
            while left.exists():
                assert not keeping.done()
                await asyncio.sleep(0.01)
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
