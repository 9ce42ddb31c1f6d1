"""Durable pushes over HTTP, beside the same endpoint without storage and without groups."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Figure, at_least, at_most, informs
from tests.benchmarks.load import Load, send
from tests.benchmarks.people import Owner, enrol
from tests.benchmarks.running import Running, compared

CLIENTS = 64
PUSHES = 25
ROUNDS = 3


async def measure(folder: Path) -> list[Figure]:
    """Let the three ways take turns, so that a slow moment of the machine hits them alike."""
    with compared(folder / "pushes") as running:
        owners = await enrol(CLIENTS, running.url)
        await send(running.ports[0], prepare(owners, 3), running.pid)
        rounds = [await take_turns(running, owners) for _ in range(ROUNDS)]
    grouped, single, nowhere = (list(loads) for loads in zip(*rounds, strict=True))
    return describe(grouped, single, nowhere)


async def take_turns(running: Running, owners: Sequence[Owner]) -> tuple[Load, Load, Load]:
    """Send the same documents nowhere first, then for good; others one by one."""
    queues, others = prepare(owners, PUSHES), prepare(owners, PUSHES // 3)
    nowhere = await send(running.ports[2], queues, running.pid)
    grouped = await send(running.ports[0], queues, running.pid)
    single = await send(running.ports[1], others, running.pid)
    return grouped, single, nowhere


def prepare(owners: Sequence[Owner], pushes: int) -> list[list[bytes]]:
    return [owner.prepare(pushes) for owner in owners]


def describe(
    grouped: Sequence[Load], single: Sequence[Load], nowhere: Sequence[Load]
) -> list[Figure]:
    to_nowhere = median(
        one.per_second / other.per_second for one, other in zip(grouped, nowhere, strict=True)
    )
    to_single = median(
        one.per_second / other.per_second for one, other in zip(grouped, single, strict=True)
    )
    tail = median(load.p99_ms / load.p50_ms for load in grouped)
    return [
        at_least("pushes/s, 64 clients", median(load.per_second for load in grouped), 1_600),
        at_least("pushes/s to the same without storing", to_nowhere, 0.5),
        at_least("pushes/s to a commit a request", to_single, 3),
        at_most("push p99 to p50", tail, 3),
        informs("push p50 ms", median(load.p50_ms for load in grouped)),
        informs("push cpu ms", median(load.cpu_ms for load in grouped)),
        informs("push cpu ms without storing", median(load.cpu_ms for load in nowhere)),
        informs("push cpu ms, a commit a request", median(load.cpu_ms for load in single)),
    ]
