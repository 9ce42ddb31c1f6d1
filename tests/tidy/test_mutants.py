"""A rule that was renamed or moved has no mutant any more; here that is said in a second."""

import pytest

from tests.simulation.living import Mutant, living
from tests.simulation.mutants import MUTANTS


@pytest.mark.parametrize("one", MUTANTS, ids=lambda one: one.name)
def test_the_rule_that_a_mutant_goes_without_is_there(one: Mutant):
    with living(one):
        pass
