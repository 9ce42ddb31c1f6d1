"""Behind a pgbouncer that gives each transaction another connection, registers serve as without."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from api.commands.verify import verify
from api.settings import Settings
from tests import engines
from tests.faults.bouncer import bouncing
from tests.faults.checker import NOTHING, check, find_outdated
from tests.faults.devices import Fleet
from tests.faults.held import read_database
from tests.faults.way import Weather
from tests.faults.workers import Workers

pytestmark = pytest.mark.nightly
PHONES = 12
STAYS_EACH = 18
WORKERS = 2
SECONDS_MAX = 300


@asynccontextmanager
async def served_behind(address: str, data: Path) -> AsyncGenerator[Workers]:
    """Serve a register whose database is reached at this address."""
    workers = Workers(data, WORKERS)
    async with AsyncExitStack() as stack:
        for worker in workers.each:
            worker.say(SANGKAT_DATABASE=address)
            stack.push_async_callback(worker.kill)
        await workers.start()
        yield workers


async def test_workers_behind_a_pool_of_connections_lose_and_double_nothing(
    tmp_path: Path, cluster: str
):
    data = tmp_path / "register"
    with engines.using_cluster(cluster), bouncing(cluster) as front:
        direct = await engines.find_database(data)
        address = f"{front}/{direct.rpartition('/')[2]}?statement_cache_size=0"
        async with served_behind(address, data) as workers:
            weather = Weather(seed=61, lost=0.1)
            async with Fleet(tmp_path, workers.url, weather, pace=20) as fleet:
                fleet.inner = workers.spread
                await fleet.add(PHONES)
                async with asyncio.timeout(SECONDS_MAX):
                    await fleet.declare_and_finish(STAYS_EACH)
        wrong, _ = await verify(Settings(data_dir=data, database=address))
    held = await read_database(direct)
    assert wrong == 0
    assert check(fleet.history, held) == NOTHING
    assert find_outdated(fleet.list_receipts(), held) == []
    assert {status for _, status in fleet.history.answers} <= {200, 201, 401}
