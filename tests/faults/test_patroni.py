"""Three database machines of a province: whichever fails, what was acknowledged is there."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from tests.faults.patroni import Cluster, await_it, running_cluster
from tests.faults.writing import Table, writing

pytestmark = pytest.mark.nightly
_WRITERS_COUNT = 4
_QUIET_SECONDS = 3
_HUNG_SECONDS = 30


@pytest.fixture(scope="module", name="cluster")
def run_cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(name="tables")
async def open_tables(cluster: Cluster) -> AsyncIterator[list[Table]]:
    async with AsyncExitStack() as opened:
        made = [Table(cluster.dsn) for _ in range(_WRITERS_COUNT)]
        yield [await opened.enter_async_context(table) for table in made]


def kill_leader(cluster: Cluster) -> None:
    """Kill database and Patroni; the machine comes back once another one leads."""
    leader = cluster.find("leader")
    leader.kill()
    await_it(lambda: cluster.list_leaders() not in ([], [leader.name]))
    leader.start_patroni()


def hang_leader(cluster: Cluster) -> None:
    """Stop every process for longer than a leader may be silent."""
    leader = cluster.find("leader")
    leader.signal(signal.SIGSTOP)
    time.sleep(_HUNG_SECONDS)
    leader.signal(signal.SIGCONT)


@pytest.mark.parametrize("fault", [Cluster.switch_over, kill_leader, hang_leader])
async def test_what_was_acknowledged_survives_the_leader(
    cluster: Cluster, tables: list[Table], fault: Callable[[Cluster], None]
):
    before = await asyncio.to_thread(cluster.find, "leader")
    async with writing(tables) as record:
        await asyncio.sleep(_QUIET_SECONDS)
        await asyncio.to_thread(fault, cluster)
        await asyncio.to_thread(cluster.await_whole)
        await asyncio.sleep(_QUIET_SECONDS)
    after = await asyncio.to_thread(cluster.find, "leader")
    there = await tables[0].list_all()
    lost = set(record.acknowledged) - set(there)
    said = f"{len(record.acknowledged)} acknowledged, {record.retries_count} tried again"
    print(f"{fault.__name__}: {said}, stalled {record.stall_seconds:.1f} s, {len(lost)} lost")
    assert lost == set()
    assert len(there) == len(set(there))
    assert after.name != before.name
