"""A page of fifty stays out of 34,000, and a search by name over 200,000."""

import random
from pathlib import Path
from urllib.parse import quote

from tests.benchmarks.figures import Figure, at_most, informs
from tests.benchmarks.filling import fill, make_tokens
from tests.benchmarks.load import Load, request, send
from tests.benchmarks.people import enrol
from tests.benchmarks.running import Running, compared
from tests.makers import SANGKAT_4
from tests.tokens import make_token

STAYS = 34_000
NAMES = 200_000
PAGES = 200
SEARCHES = 60


async def measure(folder: Path) -> list[Figure]:
    """Let an officer read pages and search names, one after the other."""
    data = folder / "reading"
    with compared(data) as running:
        [owner] = await enrol(1, running.url)
        await send(running.ports[0], [owner.prepare(1)], running.pid)
    token = await make_token(data, "officer")
    fill(data / "register.sqlite3", STAYS)
    with compared(data) as running:
        page = await read_pages(running, token)
    fill(data / "register.sqlite3", NAMES)
    with compared(data) as running:
        larger = await read_pages(running, token)
        search = await search_names(running, token)
    return [
        at_most("page of 50 at 34,000 stays, p50 ms", page.p50_ms, 5),
        at_most("page of 50 at 200,000 to 34,000 stays, cpu", larger.cpu_ms / page.cpu_ms, 1.2),
        informs("page of 50 at 34,000 stays, cpu ms", page.cpu_ms),
        at_most("name search over 200,000, p50 ms", search.p50_ms, 30),
        informs("name search over 200,000, cpu ms", search.cpu_ms),
    ]


async def read_pages(running: Running, token: str) -> Load:
    path = f"/v1/stays?place={SANGKAT_4}&effect=pending&limit=50"
    queue = [request("GET", path, token)] * PAGES
    await send(running.ports[0], [queue[:20]], running.pid)
    return await send(running.ports[0], [queue], running.pid)


async def search_names(running: Running, token: str) -> Load:
    """Ask for one word or two of names that are there."""
    chance = random.Random(NAMES)
    names = [" ".join(sorted(make_tokens(chance), key=len)[:2]) for _ in range(SEARCHES)]
    path = "/v1/stays?purpose=registration&q="
    queue = [request("GET", path + quote(name), token) for name in names]
    return await send(running.ports[0], [queue], running.pid)
