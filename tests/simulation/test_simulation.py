"""The real protocol over histories of faults: nothing acknowledged is lost, everybody agrees."""

import os
import secrets

from tests.simulation.running import run_histories

HISTORIES = 200


def test_every_history_comes_right():
    seed = int(os.environ.get("SIMULATION_SEED", secrets.randbelow(2**32)))
    print(f"SIMULATION_SEED={seed} repeats these histories")
    run_histories(HISTORIES, seed)
