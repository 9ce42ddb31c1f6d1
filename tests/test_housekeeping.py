"""What the register does by itself goes on after whatever went wrong once."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from api import housekeeping
from api.database.engine import Engine
from api.problems import Overloaded
from api.register import Register
from tests.world import World

SECONDS_MAX = 60


class Returning:
    """The engine of a register that fails when it is asked first."""

    def __init__(self, engine: Engine, trouble: Exception) -> None:
        self._engine = engine
        self._trouble = trouble
        self._is_away = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    async def read(self, work: Any) -> Any:
        if self._is_away:
            self._is_away = False
            raise self._trouble
        return await self._engine.read(work)


@pytest.mark.parametrize("trouble", [Overloaded(), OSError("TEST")], ids=["away", "defect"])
async def test_files_that_nobody_knows_go_although_the_first_look_failed(
    world: World, monkeypatch: pytest.MonkeyPatch, trouble: Exception
):
    monkeypatch.setattr(housekeeping, "INTERVAL_SECONDS", 0.01)
    left = leave_file(world)
    engine: Any = Returning(world.register.engine, trouble)
    await keep_house(replace(world.register, engine=engine), left.exists)


async def test_a_folder_where_a_photo_may_lie_holds_nothing_up(world: World):
    left = leave_file(world)
    left.with_suffix(".part").mkdir()
    await keep_house(world.register, left.exists)
    assert world.register.tallies.upkeep.keys() == {"done"}


async def test_a_round_that_fails_is_told_and_the_next_one_comes(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(housekeeping, "INTERVAL_SECONDS", 0.01)
    failing: list[Exception] = [OSError("TEST")]
    expire = housekeeping.expire

    async def fail_once(register: Register, now_ms: int) -> None:
        if failing:
            raise failing.pop()
        await expire(register, now_ms)

    monkeypatch.setattr(housekeeping, "expire", fail_once)
    await keep_house(world.register, leave_file(world).exists)
    await keep_house(world.register, leave_file(world).exists)
    assert world.register.tallies.upkeep["failed"] == 1
    assert world.register.tallies.upkeep["done"] >= 1
    assert "housekeeping: defect" in caplog.messages


def leave_file(world: World) -> Path:
    """Leave a photo as a killed register does, of which no row knows."""
    left = world.register.settings.blobs_dir / "00" / "00" / f"{'0' * 64}-{'0' * 32}.jpeg"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"TEST DATA")
    return left


async def keep_house(register: Register, is_there: Callable[[], bool]) -> None:
    """Keep house until a file is gone."""
    keeping = asyncio.create_task(housekeeping.keep_house(register))
    try:
        async with asyncio.timeout(SECONDS_MAX):
            while is_there():
                assert not keeping.done()
                await asyncio.sleep(0.01)
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
