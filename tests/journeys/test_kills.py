"""The browser is killed at any moment, again and again: what was called saved arrives once."""

import asyncio
import random

import pytest

from tests.commands.served import Served
from tests.journeys.acts import declare_premises, declare_stay, register, send_all
from tests.journeys.conftest import NewPhone, read_log
from tests.journeys.phone import Phone
from tests.pwa.browser import CHROMIUM

ROUNDS = 2
ROUNDS_AT_NIGHT = 10


@pytest.fixture
def program() -> str:
    """Chromium whole: its profile survives a kill as a phone's does."""
    return CHROMIUM


async def _begin(owner: Phone) -> None:
    await owner.switch_on()
    await owner.load_once()
    await owner.lose_signal()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)


async def _save_and_die(owner: Phone, number: int, chance: random.Random) -> bool:
    """Save a person and be killed then, or before; return whether it was called saved."""
    saving = asyncio.create_task(declare_stay(owner, number))
    done, _ = await asyncio.wait([saving], timeout=chance.choice([None, 2 * chance.random()]))
    if chance.random() < 0.5:
        await owner.find_signal()
    await owner.kill()
    await asyncio.gather(saving, return_exceptions=True)
    return any(task.exception() is None for task in done)


@pytest.mark.parametrize(
    "rounds", [ROUNDS, pytest.param(ROUNDS_AT_NIGHT, marks=pytest.mark.nightly)]
)
async def test_what_was_called_saved_survives_kills_of_the_browser(
    server: Served, new_phone: NewPhone, rounds: int
):
    owner, chance = new_phone(), random.Random(53)
    await _begin(owner)
    saved = 0
    for number in range(rounds):
        saved += await _save_and_die(owner, number, chance)
        await owner.switch_on()
        await owner.load_once()
    await owner.find_signal()
    await send_all(owner)
    assert saved
    assert saved <= len(read_log(server, "stay")) <= rounds
    assert len(read_log(server, "premises")) == 1
