"""The database server fails under a register that goes on: by itself, and nothing is lost."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests import engines
from tests.faults.checker import NOTHING, check, find_outdated
from tests.faults.devices import Fleet
from tests.faults.process import ServerProcess
from tests.faults.way import Weather
from tests.postgres import Cluster, owned_cluster

DEVICES = 10
STAYS_EACH = 18
BETWEEN = 40
SECONDS_MAX = 180
#: A register that hangs with its database would answer after half a minute.
ANSWER_SECONDS_MAX = 27
CUTS = 4
CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = $1 AND pid <> pg_backend_pid()"
)
#: What phones are told meanwhile: done, sign in again, come later.
ANSWERS = {200, 201, 401, 503}


@pytest.fixture(scope="module")
def owned() -> Iterator[Cluster]:
    """A cluster that may be killed."""
    with owned_cluster() as cluster:
        yield cluster


@asynccontextmanager
async def sending(folder: Path, owned: Cluster) -> AsyncGenerator[tuple[ServerProcess, Fleet]]:
    """Let phones declare while something happens; ask at the end what became of it."""
    server = ServerProcess(folder / "register")
    with engines.using_cluster(owned.dsn):
        async with server, Fleet(folder, server.url, Weather(seed=43), pace=10) as fleet:
            await fleet.add(DEVICES)
            async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
                tasks.create_task(fleet.declare_and_finish(STAYS_EACH))
                yield server, fleet
            assert server.running.poll() is None
            await server.stop()
    # Four times a second it looks whether others wrote; once a time it says that it cannot.
    said = server.running.read("stderr")
    assert said.count("neighbours: overload") <= CUTS
    assert '"level":"error"' not in said
    held = await server.read_held()
    assert check(fleet.history, held) == NOTHING
    assert find_outdated(fleet.list_receipts(), held) == []
    assert {status for _, status in fleet.history.answers} <= ANSWERS


def send_signal(owned: Cluster, number: signal.Signals) -> None:
    """Send a signal to the server and all its processes, as if the machine did it."""
    # Stopped first, it makes no other while they are counted.
    for pid in owned.list_processes()[:1]:
        os.kill(pid, signal.SIGSTOP)
    for pid in owned.list_processes():
        with suppress(ProcessLookupError):
            os.kill(pid, number)


kill = partial(send_signal, number=signal.SIGKILL)
freeze = partial(send_signal, number=signal.SIGSTOP)
thaw = partial(send_signal, number=signal.SIGCONT)
FAULTS = [(kill, Cluster.start), (Cluster.stop, Cluster.start), (freeze, thaw)]


async def hear(server: ServerProcess) -> list[tuple[int, bool]]:
    """Return what a register without database says of itself, and whether it says when to come.

    What was with the last of the server's processes may still be done.
    """
    async with httpx.AsyncClient(base_url=server.url, timeout=ANSWER_SECONDS_MAX) as http:
        async with asyncio.timeout(ANSWER_SECONDS_MAX):
            ready = await http.get("/readyz")
            while ready.is_success:
                ready = await http.get("/readyz")
        live = await http.get("/livez")
    return [(answer.status_code, "Retry-After" in answer.headers) for answer in (live, ready)]


async def test_a_database_server_that_fails_and_comes_back_loses_nothing(
    tmp_path: Path, owned: Cluster
):
    async with sending(tmp_path, owned) as (server, fleet):
        for number, (fail, come_back) in enumerate(FAULTS):
            count = (number + 1) * BETWEEN
            await fleet.history.until(lambda count=count: len(fleet.history.promised) >= count)
            await asyncio.to_thread(fail, owned)
            try:
                assert await hear(server) == [(200, False), (503, True)]
            finally:
                await asyncio.to_thread(come_back, owned)


async def test_a_register_whose_connections_are_cut_every_second_loses_nothing(
    tmp_path: Path, owned: Cluster
):
    async with sending(tmp_path, owned):
        for _ in range(CUTS):
            await asyncio.sleep(1)
            await cut(tmp_path / "register")


async def cut(data: Path) -> None:
    """End every connection to a register's database."""
    address = await engines.find_database(data)
    connection = await asyncpg.connect(address)
    await connection.execute(CUT, address.rpartition("/")[2])
    await connection.close()
