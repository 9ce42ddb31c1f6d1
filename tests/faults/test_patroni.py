"""Three database machines of a province: whichever fails, what was acknowledged is there."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests import engines
from tests.faults.checker import NOTHING, check, find_outdated
from tests.faults.devices import Fleet
from tests.faults.patroni import Cluster, await_it, running_cluster
from tests.faults.process import ServerProcess
from tests.faults.way import Weather
from tests.faults.writing import Phone, Record, Table, Written, writing

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


FAULTS = (Cluster.switch_over, kill_leader, hang_leader)


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_was_acknowledged_survives_the_leader(
    cluster: Cluster, tables: list[Table], fault: Callable[[Cluster], None]
):
    before = await asyncio.to_thread(cluster.find, "leader")
    async with writing(tables) as record:
        await asyncio.sleep(_QUIET_SECONDS)
        await asyncio.to_thread(fault, cluster)
        await asyncio.to_thread(cluster.await_whole)
        await asyncio.sleep(_QUIET_SECONDS)
    await check_nothing_is_lost(record, tables[0], fault.__name__)
    after = await asyncio.to_thread(cluster.find, "leader")
    assert after.name != before.name


async def check_nothing_is_lost(record: Record, place: Written, fault: str) -> None:
    """What was acknowledged is there, once; say how long nobody was acknowledged."""
    there = await place.list_all()
    lost = set(record.acknowledged) - set(there)
    said = f"{len(record.acknowledged)} acknowledged, {record.retries_count} tried again"
    stalled = f"stalled {record.stall_seconds:.1f} s"
    print(f"{type(place).__name__}, {fault}: {said}, {stalled}, {len(lost)} lost")
    assert lost == set()
    assert len(there) == len(set(there))


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_register_goes_on_when_the_leader_changes_and_loses_nothing(
    tmp_path: Path, cluster: Cluster, fault: Callable[[Cluster], None]
):
    server = ServerProcess(tmp_path / "register")
    with engines.using_cluster(cluster.dsn):
        async with server, Fleet(tmp_path, server.url, Weather(seed=53), pace=10) as fleet:
            await fleet.add(_WRITERS_COUNT)
            await fleet.finish()
            phones = [Phone(device, fleet.history, server) for device in fleet.devices]
            async with writing(phones) as record:
                await asyncio.sleep(_QUIET_SECONDS)
                await asyncio.to_thread(fault, cluster)
                await asyncio.to_thread(cluster.await_whole)
                await asyncio.sleep(_QUIET_SECONDS)
            await fleet.finish()
            assert server.running.poll() is None
            await check_nothing_is_lost(record, phones[0], fault.__name__)
    held = await server.read_held()
    assert check(fleet.history, held) == NOTHING
    assert find_outdated(fleet.list_receipts(), held) == []
    print(f"answers {dict(fleet.history.answers)}")
