"""The real protocol over histories of faults: nothing acknowledged is lost, everybody agrees."""

import os
import secrets

import pytest

from tests.simulation.running import run_histories

HISTORIES = 100
SEEDS_OF_A_NIGHT = 100
# By day the same histories for everybody: a run that goes red does so because of a change.
SEEDS = os.environ.get("SIMULATION_SEED", "1 2").split()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_history_comes_right(seed: str):
    run_histories(HISTORIES, int(seed))


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(SEEDS_OF_A_NIGHT))
def test_every_history_of_a_night_comes_right(part: int):
    seed = secrets.randbelow(2**32)
    print(f"part {part}: SIMULATION_SEED={seed} repeats these histories")
    run_histories(HISTORIES, seed)
