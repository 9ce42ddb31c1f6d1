"""Pushes into a log of ten thousand documents and into one a hundred times as long."""

import shutil
from pathlib import Path

from tests.benchmarks.figures import Figure, at_least, informs
from tests.benchmarks.filling import fill
from tests.benchmarks.load import Load, send
from tests.benchmarks.people import Owner, enrol
from tests.benchmarks.pushes import prepare
from tests.benchmarks.running import compared

CLIENTS = 32
PUSHES = 25
ROUNDS = 3
SMALL = 10_000
LARGE = 1_000_000


async def measure(folder: Path) -> list[Figure]:
    """Serve both at once, so that a slow moment of the machine hits them alike."""
    small, large = folder / "small", folder / "large"
    with compared(small) as running:
        owners = await enrol(CLIENTS, running.url)
        await send(running.ports[0], prepare(owners, 1), running.pid)
    shutil.copytree(small, large)
    fill(small / "register.sqlite3", SMALL)
    fill(large / "register.sqlite3", LARGE)
    rounds = await compare(small, large, owners)
    shutil.rmtree(large)
    ratios = [few.cpu_ms / many.cpu_ms for few, many in rounds]
    return [
        at_least("pushes a cpu second at 1,000,000 to 10,000", sorted(ratios)[ROUNDS // 2], 0.8),
        informs("push cpu ms at 10,000", sorted(few.cpu_ms for few, _ in rounds)[ROUNDS // 2]),
        informs("push cpu ms at 1,000,000", sorted(many.cpu_ms for _, many in rounds)[ROUNDS // 2]),
    ]


async def compare(small: Path, large: Path, owners: list[Owner]) -> list[tuple[Load, Load]]:
    """Push the same documents to both, in turn; the tokens of one are good for its copy."""
    rounds: list[tuple[Load, Load]] = []
    with compared(small) as few, compared(large) as many:
        for _ in range(ROUNDS):
            queues = prepare(owners, PUSHES)
            rounds.append(
                (
                    await send(few.ports[0], queues, few.pid),
                    await send(many.ports[0], queues, many.pid),
                )
            )
    return rounds
