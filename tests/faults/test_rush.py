"""Everybody at once before a deadline: who is refused comes again as told, and nothing is lost."""

import asyncio
from pathlib import Path

import httpx
import msgspec
import pytest

from sync.keys import PublicJwk, thumbprint
from sync.messages import Info
from tests.benchmarks.people import enrol
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Fleet
from tests.faults.held import read_file
from tests.faults.history import History
from tests.faults.narrow import run_narrowly
from tests.faults.overload import overload
from tests.faults.process import ServerProcess
from tests.faults.rush import MEMORY_BYTES, OWNERS, STAYS, rush
from tests.faults.way import Weather

SECONDS_MAX = 120
PUSH = "/v1/sync/push"
# More lines than a register has places for writing.
LINES_EACH = 4
PEOPLE = 100
PRESSED_SECONDS = 60
PUSHES = 40


async def test_a_register_with_hardly_a_place_loses_and_doubles_nothing(tmp_path: Path):
    server = ServerProcess(tmp_path / "register", run_narrowly)
    # A Retry-After of five seconds is a quarter of one for these phones.
    async with server, Fleet(tmp_path, server.url, Weather(seed=29), pace=20) as fleet:
        await fleet.add(8)
        async with asyncio.timeout(SECONDS_MAX):
            await fleet.declare_and_finish(3)
        await server.stop()
    answers = fleet.history.answers
    refused = {status for (_, status), count in answers.items() if count and status >= 400}
    # Which of the two depends on how fast the machine is; tests/admission has each by itself.
    assert refused & {429, 503}
    assert refused <= {401, 429, 503}
    assert check(fleet.history, await server.read_held()) == NOTHING


@pytest.mark.nightly
async def test_the_last_48_hours_of_2022_arrive_in_ten_minutes(tmp_path: Path):
    rushed = await rush(tmp_path, seconds=600)
    assert rushed.unfinished == 0
    assert len(rushed.history.saved) == STAYS + 3 * OWNERS
    assert rushed.peak_bytes <= MEMORY_BYTES
    assert check(rushed.history, read_file(tmp_path / "register" / "register.sqlite3")) == NOTHING


@pytest.mark.nightly
async def test_who_is_refused_at_ten_times_the_rush_is_told_so_and_nobody_acknowledged_is_lost(
    tmp_path: Path,
):
    async with ServerProcess(tmp_path / "register") as server:
        owners = await enrol(PEOPLE, server.url)
        queues = [owner.prepare(PUSHES) for owner in owners for _ in range(LINES_EACH)]
        history = History()
        history.keys |= await read_keys(server.url)
        pressed = await overload(server.port, queues, PRESSED_SECONDS, history)
        exit_code, _ = await server.stop()
        findings = check(history, await server.read_held())
    print(f"accepted {sum(pressed.by_second.values())}, p99 {pressed.p99_ms:.0f} ms")
    print(f"answers {dict(pressed.statuses)}")
    assert exit_code == 0
    assert set(pressed.statuses) == {200, 503}
    assert pressed.untold == 0
    assert findings == NOTHING


async def read_keys(url: str) -> dict[str, PublicJwk]:
    """Return the keys that sign receipts."""
    async with httpx.AsyncClient(base_url=url) as http:
        info = msgspec.json.decode((await http.get("/v1/sync/info")).content, type=Info)
    keys = [PublicJwk(key.kty, key.crv, key.x, key.y) for key in info.receipt_keys]
    return {thumbprint(key): key for key in keys}
