"""The real protocol over histories of faults: nothing acknowledged is lost, everybody agrees."""

import secrets

import pytest

from tests.simulation.running import run_histories

# By day the same histories for everybody: a run that goes red does so because of a change.
HISTORIES = 200
PARTS = 20
HISTORIES_OF_A_NIGHT = 20_000
PARTS_OF_A_NIGHT = 100


@pytest.mark.parametrize("part", range(PARTS))
def test_every_history_comes_right(part: int):
    count = HISTORIES // PARTS
    run_histories(range(part * count, (part + 1) * count))


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(PARTS_OF_A_NIGHT))
def test_every_history_of_a_night_comes_right(part: int):
    count = HISTORIES_OF_A_NIGHT // PARTS_OF_A_NIGHT
    first = secrets.randbelow(2**40)
    print(f"part {part}: histories {first} to {first + count - 1}")
    run_histories(range(first, first + count))
