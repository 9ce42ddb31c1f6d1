"""A machine whose clock jumps: nothing held is deleted, and no entry is dated into the future."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec
import pytest

from api.administration.app import create_administration
from api.housekeeping import tidy_up
from api.ledger.clock import RegisterClock
from api.settings import Settings
from sync.document import read_document
from tests import makers
from tests.makers import SANGKAT_4
from tests.world import BASE_URL, DAY_MS, START_MS, Clock, Device, World, expect, serving


class Machine:
    """A machine with the clock that people set and the one that nobody sets."""

    def __init__(self) -> None:
        self.wall = Clock()
        self.steady = Clock()

    def live(self, **time: float) -> None:
        """Let time pass."""
        self.wall.move(**time)
        self.steady.move(**time)


@asynccontextmanager
async def opened(folder: Path, machine: Machine) -> AsyncIterator[World]:
    settings = Settings(data_dir=folder, base_url=BASE_URL, is_demo=True)
    async with serving(settings, machine.wall, machine.steady) as world:
        world.clock = machine.steady
        yield world


async def hold_a_stay(world: World) -> Any:
    """Send a stay before its premises; return what it waits for, and who sends it."""
    owner = await world.new_owner()
    premises = owner.compose("premises", makers.make_premises())
    stay = makers.make_stay(read_document(premises).id)
    item = owner.compose("stay", stay, disclosed={"identity": makers.make_identity()})
    (result,) = await owner.push(item)
    assert result["custody"] == "held"
    return owner, premises


async def count_held(world: World) -> int:
    await tidy_up(world.register)
    async with world.register.engine.reading() as tx:
        return (await tx.all("SELECT COUNT(*) FROM backlog"))[0][0]


async def read_clock(world: World) -> str:
    return expect(await world.http.get("/readyz"))["clock"]


@pytest.mark.parametrize("days", [31, 2, -2, -400])
async def test_a_running_register_goes_on_with_the_time_that_passed(tmp_path: Path, days: int):
    machine = Machine()
    async with opened(tmp_path, machine) as world:
        owner, premises = await hold_a_stay(world)
        machine.wall.move(days=days)
        machine.live(minutes=5)
        assert await count_held(world) == 1
        assert f"{abs(days)} days" in await read_clock(world)
        await owner.push(premises)
        assert await find_last_instant(world) == START_MS + 5 * 60_000
        machine.wall.move(days=-days)
        assert await read_clock(world) == "believed"


async def test_what_waited_thirty_days_in_truth_is_answered(tmp_path: Path):
    machine = Machine()
    async with opened(tmp_path, machine) as world:
        await hold_a_stay(world)
        machine.live(days=31)
        assert await count_held(world) == 0


async def test_a_start_after_a_jump_deletes_nothing_until_a_person_confirms(tmp_path: Path):
    machine = Machine()
    async with opened(tmp_path, machine) as world:
        await hold_a_stay(world)
    machine.wall.move(days=31)
    for _ in range(2):
        async with opened(tmp_path, machine) as world:
            assert await count_held(world) == 1
            assert "31 days ahead" in await read_clock(world)
    async with opened(tmp_path, machine) as world:
        transport = httpx.ASGITransport(cast("Any", create_administration(world.register)))
        async with httpx.AsyncClient(transport=transport, base_url="http://register") as operator:
            assert "31 days" in expect(await operator.get("/clock"))["doubt"]
            assert expect(await operator.post("/clock/confirmation"))["doubt"] is None
        assert await count_held(world) == 0
    async with opened(tmp_path, machine) as world:
        assert await read_clock(world) == "believed"


async def test_a_start_with_a_clock_that_forgot_the_year_goes_on_after_the_last_instant(
    tmp_path: Path,
):
    machine = Machine()
    async with opened(tmp_path, machine) as world:
        await hold_a_stay(world)
    machine.wall.move(days=-8_000)
    async with opened(tmp_path, machine) as world:
        machine.live(minutes=3)
        assert world.register.clock() == START_MS + 3 * 60_000
        assert "behind" in await read_clock(world)
        machine.wall.move(days=8_000.5)
        assert world.register.clock() == START_MS + 3 * 60_000 + DAY_MS // 2
        assert await read_clock(world) == "believed"


async def test_a_start_far_ahead_collects_nothing_until_the_clock_is_right(tmp_path: Path):
    machine = Machine()
    async with opened(tmp_path, machine) as world:
        owner, premises = await hold_a_stay(world)
        officer = await world.new_officer(SANGKAT_4)
    machine.wall.move(days=400)
    async with opened(tmp_path, machine) as world:
        owner._http = officer._http = world.http
        await officer.sign_in()
        assert "nothing is collected" in await read_clock(world)
        refused = await owner.post("/v1/sync/push", {"items": msgspec.to_builtins([premises])})
        assert (refused.status_code, refused.json()["code"]) == (503, "register.clock-in-doubt")
        assert await owner.read("/v1/premises") == {"items": [], "next": None}
        assert await count_held(world) == 1
        ended = await world.http.delete(f"/v1/devices/{officer.kid}", headers=officer.headers)
        assert ended.status_code == 204
        machine.wall.move(days=-400)
        (stored,) = await owner.push(premises)
        assert stored["custody"] == "stored"
        assert await count_held(world) == 0
        assert await find_last_instant(world) == START_MS


async def test_a_sign_in_while_the_clock_is_in_doubt_ends_nobody_elses(tmp_path: Path):
    machine = Machine()
    async with opened(tmp_path, machine) as world:
        owner = await world.new_owner()
    machine.wall.move(days=3)
    async with opened(tmp_path, machine) as world:
        await Device(world.http, world.register.clock).register()
        assert await count_held(world) == 0
    machine.wall.move(days=-3)
    async with opened(tmp_path, machine) as world:
        owner._http = world.http
        assert (await owner.get("/v1/premises")).is_success


async def find_last_instant(world: World) -> int:
    async with world.register.engine.reading() as tx:
        return (await tx.all("SELECT MAX(received_ms) FROM entries"))[0][0]


def test_a_register_that_was_off_for_a_week_takes_the_machine_at_its_word():
    machine = Machine()
    clock = RegisterClock(machine.wall, machine.steady, START_MS - 7 * DAY_MS)
    assert clock() == START_MS
    assert clock.find_doubt() == "7 days ahead of the time that has passed"
    clock.confirm()
    assert clock.find_doubt() is None
