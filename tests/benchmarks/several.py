"""PostgreSQL: four processes that write one log, beside the same with a transaction a request."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Figure, at_least, informs
from tests.benchmarks.load import Load, send, together
from tests.benchmarks.people import Owner, enrol
from tests.benchmarks.pushes import prepare
from tests.benchmarks.running import Running, compared
from tests.postgres import make_database, running_cluster

PROCESSES = 4
CLIENTS = 64
PUSHES = 12
ROUNDS = 3
_GROUPED, _SINGLE = 0, 1


async def measure(folder: Path) -> list[Figure]:
    """Let both ways take turns on one database, whose files lie on the machine's disk."""
    with ExitStack() as stack:
        # Not in the run's own folder, which is closed to the user that runs PostgreSQL.
        cluster = stack.enter_context(running_cluster(Path("/var/tmp")))
        database = make_database(cluster, "several")
        workers = [
            stack.enter_context(compared(folder / "several", database)) for _ in range(PROCESSES)
        ]
        owners = await enrol(CLIENTS, workers[0].url)
        await push(workers, owners, _GROUPED, 2)
        rounds = [
            (
                await push(workers, owners, _GROUPED, PUSHES),
                await push(workers, owners, _SINGLE, PUSHES // 3),
            )
            for _ in range(ROUNDS)
        ]
    ratio = median(grouped.per_second / single.per_second for grouped, single in rounds)
    grouped, single = (
        median(load.per_second for load in loads) for loads in zip(*rounds, strict=True)
    )
    return [
        at_least("PostgreSQL, 4 processes, to a transaction a request", ratio, 10),
        informs("PostgreSQL, 4 processes: pushes/s", grouped),
        informs("the same, a transaction a request: pushes/s", single),
        informs("PostgreSQL push cpu ms, in groups", median(load.cpu_ms for load, _ in rounds)),
        informs("PostgreSQL push cpu ms, alone", median(load.cpu_ms for _, load in rounds)),
    ]


async def push(workers: Sequence[Running], owners: Sequence[Owner], way: int, count: int) -> Load:
    """Let every process have its share of the clients, all at once."""
    shares = [prepare(owners[at :: len(workers)], count) for at in range(len(workers))]
    return together(
        await asyncio.gather(
            *(
                send(worker.ports[way], share, worker.pid)
                for worker, share in zip(workers, shares, strict=True)
            )
        )
    )
