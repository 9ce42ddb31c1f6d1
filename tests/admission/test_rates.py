"""A rate is one for all processes on a database, survives their restart, and costs few commits."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from api.admission.rates import Rates
from api.housekeeping import tidy_up
from api.limits import REQUESTS_OF_AN_ADDRESS, Rate
from api.problems import TooManyRequests
from tests.world import World

SMALL = Rate("small", 10, 60_000, lease=3, uncounted=2)
WHO, OTHER = b"who", b"other"
ADDRESS = "203.0.113.7"


def a_process(world: World) -> Rates:
    register = world.register
    secret = register.keys.nonce_key
    free = frozenset({"127.0.0.1"})
    return Rates(register.engine, register.log, register.clock, secret=secret, free=free)


async def use(rates: Rates, times: int, holder: bytes = WHO) -> int:
    """Ask so often, whatever the answers; return how often it was granted."""
    granted = 0
    for _ in range(times):
        try:
            await rates.admit(SMALL, holder)
            granted += 1
        except TooManyRequests:
            continue
    return granted


async def test_two_processes_share_one_rate(world: World):
    one, two = a_process(world), a_process(world)
    granted = [await use(rates, 4) for rates in (one, two, one, two, one, two)]
    assert sum(granted) == SMALL.count_max + 2 * SMALL.uncounted


async def test_a_process_that_starts_anew_does_not_begin_to_count_anew(world: World):
    assert await use(a_process(world), 20) == SMALL.count_max + SMALL.uncounted
    assert await use(a_process(world), 20) == SMALL.uncounted


async def test_holders_do_not_share(world: World):
    rates = a_process(world)
    await use(rates, 20)
    assert await use(rates, 5, OTHER) == 5


async def test_requests_at_once_are_not_more_than_in_turn(world: World):
    rates = a_process(world)
    assert sum(await asyncio.gather(*(use(rates, 1) for _ in range(50)))) == 12


async def test_who_used_a_rate_up_is_told_when_its_window_ends(world: World):
    rates = a_process(world)
    await use(rates, 12)
    world.clock.move(minutes=0.75)
    with pytest.raises(TooManyRequests) as refused:
        await rates.admit(SMALL, WHO)
    assert refused.value.retry_after == 15
    world.clock.move(minutes=0.25)
    assert await use(rates, 12) == 12


async def test_a_clock_that_was_a_year_ahead_keeps_nobody_out(world: World):
    world.clock.move(days=365)
    await use(a_process(world), 20)
    world.clock.move(days=-365)
    assert await use(a_process(world), 12) == 12


async def test_where_nothing_can_be_written_reading_goes_on(world: World):
    rates = a_process(world)
    engine: Any = world.register.engine
    await engine._writer.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(world.register.settings.database_path)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await use(rates, 9) == 9


async def test_no_address_stands_in_the_database(world: World):
    rates = a_process(world)
    for _ in range(REQUESTS_OF_AN_ADDRESS.uncounted + 1):
        await rates.admit_address(ADDRESS)
    async with world.register.engine.reading() as tx:
        [(holder,)] = await tx.all("SELECT holder FROM budgets WHERE budget = 'address'")
    assert len(holder) == 16
    assert ADDRESS.encode() not in holder


async def test_this_machine_itself_is_not_counted(world: World):
    rates = a_process(world)
    for _ in range(REQUESTS_OF_AN_ADDRESS.uncounted + 1):
        await rates.admit_address("127.0.0.1")
    async with world.register.engine.reading() as tx:
        assert await tx.all("SELECT holder FROM budgets WHERE budget = 'address'") == []


async def test_windows_that_are_over_are_forgotten(world: World):
    await use(a_process(world), 5)
    world.clock.move(minutes=61)
    await tidy_up(world.register)
    async with world.register.engine.reading() as tx:
        assert await tx.all("SELECT used FROM budgets") == []
