"""A process goes on hearing of others whatever went wrong when it looked once."""

import asyncio

import pytest

from api import neighbours
from api.database.engine import Transaction
from api.ledger.records import Head
from tests.world import World

SECONDS_MAX = 60


async def test_a_look_that_fails_is_told_once_and_the_next_ones_come(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(neighbours, "LOOK_SECONDS", 0.01)
    read_head, looks = neighbours.read_head, 0

    async def fail_twice(tx: Transaction, log: str) -> Head:
        nonlocal looks
        looks += 1
        if looks <= 2:
            raise LookupError
        return await read_head(tx, log)

    monkeypatch.setattr(neighbours, "read_head", fail_twice)
    following = asyncio.create_task(neighbours.follow(world.register))
    try:
        async with asyncio.timeout(SECONDS_MAX):
            while looks < 4:
                assert not following.done()
                await asyncio.sleep(0.01)
    finally:
        following.cancel()
        await asyncio.wait([following])
    assert caplog.messages.count("neighbours: defect") == 1
    assert "neighbours: read again" in caplog.messages
