"""How soon a register is ready, and how much memory it holds while nothing happens."""

import asyncio
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Figure, at_most
from tests.benchmarks.running import plain

STARTS = 3
_IDLE_SECONDS = 1


async def measure(folder: Path) -> list[Figure]:
    """Start one folder several times; the first start, which makes it, is not counted."""
    seconds: list[float] = []
    megabytes: list[float] = []
    for number in range(STARTS + 1):
        began = time.perf_counter()
        with plain(folder / "starting") as running:
            if number:
                seconds.append(time.perf_counter() - began)
            await asyncio.sleep(_IDLE_SECONDS)
            megabytes.append(read_resident(running.pid))
    return [
        at_most("ready, seconds", median(seconds), 1),
        at_most("resident idle, MB", median(megabytes), 100),
    ]


def read_resident(pid: int) -> float:
    """Return the resident memory of a process in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [resident] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(resident) / 1024
