"""`python -m tests.benchmarks`: measures, prints each figure with its goal, checks nothing.

Everything is measured by ratios inside one run, since the machine is shared; the load of the
machine stands at the end. `python3 -m tests --benchmarks` calls it.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.benchmarks import (
    batches,
    growth,
    pushes,
    reading,
    reload,
    rush,
    several,
    shell,
    starting,
)
from tests.benchmarks.figures import Figure

Measure = Callable[[Path], Awaitable[list[Figure]]]
PARTS: dict[str, Measure] = {
    "pushes": pushes.measure,
    "batches": batches.measure,
    "several": several.measure,
    "growth": growth.measure,
    "reading": reading.measure,
    "starting": starting.measure,
    "shell": shell.measure,
    "reload": reload.measure,
    "rush": rush.measure,
}


class Report(Struct, frozen=True):
    """What `--json` writes."""

    figures: list[Figure]


def main(arguments: Sequence[str]) -> int:
    options = read_options(arguments)
    parts = [options.only] if options.only else list(PARTS)
    figures = asyncio.run(measure_all(parts))
    if options.json:
        Path(options.json).write_bytes(msgspec.json.format(msgspec.json.encode(Report(figures))))
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    return 0


async def measure_all(parts: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            for figure in await PARTS[part](Path(folder)):
                print(describe(figure), flush=True)
                figures.append(figure)
    return figures


def describe(figure: Figure) -> str:
    verdict = "" if not figure.goal else "holds" if figure.holds else "MISSED"
    return f"{figure.name:<48} {figure.value:>12} {figure.goal:>10}  {verdict}".rstrip()


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", allow_abbrev=False)
    parser.add_argument("--only", choices=list(PARTS), help="measure one part")
    parser.add_argument("--json", metavar="FILE", help="write the figures here too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
