"""What people ask for most, in a register of a province and in one thirty times as large.

Pages of fifty stays, filtered, of an officer, a district and an owner; what waits. Both registers
are asked in turn, so that a slow moment of the machine hits them alike. Names are searched for on
the way, in a register of 200,000.
"""

import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from tests.benchmarks.figures import Figure, at_most, informs
from tests.benchmarks.filling import fill, make_tokens
from tests.benchmarks.load import Load, request, send
from tests.benchmarks.people import enrol
from tests.benchmarks.running import Running, compared
from tests.benchmarks.starting import read_resident
from tests.makers import DISTRICT, LOG, SANGKAT_1, SANGKAT_4
from tests.tokens import make_token, verify

FEW: Final = 34_000
NAMED: Final = 200_000
MANY: Final = 1_000_000
OWNERS: Final = 40
PAGES: Final = 40
ROUNDS: Final = 3
SEARCHES: Final = 40


class Readers(Struct, frozen=True):
    """Tokens by role."""

    owner: str
    officer: str
    district: str
    province: str

    @property
    def reads(self) -> dict[str, bytes]:
        """What is measured, as it goes on the wire."""
        stays = "/v1/stays?limit=50"
        paths = {
            "page of 50": (f"{stays}&place={SANGKAT_4}&effect=pending", self.officer),
            "page of 50, district": (f"{stays}&effect=pending", self.district),
            "page of 50, owner": (stays, self.owner),
            "inbox": (f"/v1/communes/{SANGKAT_4}/inbox?limit=50", self.officer),
            "work list, post": ("/v1/review", self.officer),
            "work list, province": ("/v1/review", self.province),
            "coverage": ("/v1/coverage", self.province),
        }
        return {name: request("GET", path, token) for name, (path, token) in paths.items()}


async def measure(folder: Path) -> list[Figure]:
    """Search in a copy of the small register that grows, then read from both."""
    few, many = folder / "few", folder / "many"
    readers = await prepare(few)
    fill(few / "register.sqlite3", FEW)
    shutil.copytree(few, many)
    fill(many / "register.sqlite3", NAMED)
    figures = await search(many, readers.province)
    fill(many / "register.sqlite3", MANY)
    with compared(few) as small, compared(many) as large:
        for name, asked in readers.reads.items():
            figures += describe(name, await read_both(asked, small, large))
        figures.append(
            informs("resident after all this at 1,000,000, MB", read_resident(large.pid))
        )
    shutil.rmtree(many)
    return figures


async def search(data: Path, token: str) -> list[Figure]:
    """Search for names as they are, then with a letter wrong."""
    with compared(data) as running:
        right, wrong = [await search_names(running, token, names) for names in make_queries()]
    return [
        at_most("name search over 200,000, p50 ms", right.p50_ms, 30),
        informs("name search over 200,000, cpu ms", right.cpu_ms),
        informs("the same with a letter wrong, p50 ms", wrong.p50_ms),
        informs("the same with a letter wrong, cpu ms", wrong.cpu_ms),
    ]


async def prepare(data: Path) -> Readers:
    """Let verified owners of two communes declare one stay each; return who reads."""
    with compared(data) as running:
        owners = await enrol(OWNERS, running.url, (SANGKAT_4, SANGKAT_1))
        await send(running.ports[0], [owner.prepare(1) for owner in owners], running.pid)
    await verify(data, [owner.account_id for owner in owners])
    return Readers(
        owners[0].token,
        await make_token(data, "officer"),
        await make_token(data, "district", place=DISTRICT),
        await make_token(data, "province", place=LOG),
    )


async def read_both(asked: bytes, small: Running, large: Running) -> list[tuple[Load, Load]]:
    """Ask both in turn, after a few that are not counted."""
    queue = [asked] * PAGES
    for running in (small, large):
        await send(running.ports[0], [queue[:20]], running.pid)
    return [
        (
            await send(small.ports[0], [queue], small.pid),
            await send(large.ports[0], [queue], large.pid),
        )
        for _ in range(ROUNDS)
    ]


def describe(name: str, rounds: Sequence[tuple[Load, Load]]) -> list[Figure]:
    """Return time and processor time at the smaller size, and how both grow."""
    few = [load for load, _ in rounds]
    many = [load for _, load in rounds]
    cpu_ms = [median(load.cpu_ms for load in loads) for loads in (few, many)]
    p50_ms = [median(load.p50_ms for load in loads) for loads in (few, many)]
    figures = [
        informs(f"{name}: p50 ms at 34,000", p50_ms[0]),
        informs(f"{name}: p50 ms at 1,000,000", p50_ms[1]),
        informs(f"{name}: cpu ms at 34,000", cpu_ms[0]),
        informs(f"{name}: cpu at 1,000,000 to 34,000", cpu_ms[1] / cpu_ms[0]),
    ]
    if name == "page of 50":
        figures[0] = at_most(f"{name}: p50 ms at 34,000", p50_ms[0], 5)
        figures[1] = at_most(f"{name}: p50 ms at 1,000,000", p50_ms[1], 5)
    if name.startswith(("page", "inbox")):
        figures[3] = at_most(f"{name}: cpu at 1,000,000 to 34,000", cpu_ms[1] / cpu_ms[0], 1.2)
    return figures


def make_queries() -> tuple[list[str], list[str]]:
    """Return names that are there, by one word or two, and the same with a letter wrong."""
    chance = random.Random(NAMED)
    names = [" ".join(sorted(make_tokens(chance), key=len)[:2]) for _ in range(SEARCHES)]
    places = [chance.randrange(1, len(name)) for name in names]
    misspelt = [f"{name[:at]}X{name[at + 1 :]}" for name, at in zip(names, places, strict=True)]
    return names, misspelt


async def search_names(running: Running, token: str, names: Sequence[str]) -> Load:
    """Search for each of these names once."""
    path = "/v1/stays?purpose=registration&q="
    queue = [request("GET", path + quote(name), token) for name in names]
    return await send(running.ports[0], [queue], running.pid)
