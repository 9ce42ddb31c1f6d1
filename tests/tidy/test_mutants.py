"""A rule that was renamed or moved has no mutant any more; here that is said in a second."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.simulation.living import Mutant, living
from tests.simulation.mutants import MUTANTS

README: Final = Path(__file__).parents[2] / "sync" / "README.md"
STEP: Final = re.compile(r"^- \*\*([A-Z]\d)\*\* ", re.MULTILINE)
# Steps that no history of one task can do without, and where they are tried instead.
TRIED_ELSEWHERE: Final = {
    "C1": "tests/sync/test_document.py",
    "C2": "tests/sync/test_outbox.py",
    "S1": "tests/sync/test_replica.py",
    "M1": "tests/ledger/test_committing.py",
    "M5": "tests/faults",
    "P3": "tests/sync/test_outbox.py",
}


def test_every_step_of_the_protocol_has_a_mutant_or_another_test():
    steps = set(STEP.findall(README.read_text()))
    assert len(steps) > 30
    assert {one.step for one in MUTANTS} | set(TRIED_ELSEWHERE) == steps
    assert not {one.step for one in MUTANTS} & set(TRIED_ELSEWHERE)
    for place in TRIED_ELSEWHERE.values():
        assert (README.parents[1] / place).exists(), place


@pytest.mark.parametrize("one", MUTANTS, ids=lambda one: one.name)
def test_the_rule_that_a_mutant_goes_without_is_there(one: Mutant):
    with living(one):
        pass
