"""Every rule of the protocol is missed by some history when it is gone: this tests the test."""

import pytest

from tests.simulation.living import Mutant, living
from tests.simulation.mutants import MUTANTS
from tests.simulation.running import Course, run_histories

HISTORIES = 10


@pytest.mark.parametrize("one", MUTANTS, ids=lambda one: one.name)
def test_a_rule_that_is_gone_is_missed(one: Mutant):
    numbers = range(one.seed, one.seed + HISTORIES)
    with living(one), pytest.raises(AssertionError):
        run_histories(numbers, Course(one.faults, one.name))
