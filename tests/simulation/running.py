"""Runs histories by number: the same number gives the same histories."""

import logging

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import get_state_machine_test

from tests.simulation.history import History
from tests.simulation.inline import inline_sqlite

STEPS = 40
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def run_histories(
    count: int, number: int, forced: frozenset[str] = frozenset(), *, is_explained: bool = True
) -> None:
    """Run so many histories; raises what the first wrong one raises, made small when explained."""
    machine = type("History", (History,), {"forced": forced})
    phases = [Phase.generate, Phase.shrink] if is_explained else [Phase.generate]
    chosen = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        phases=phases,
        deadline=None,
        database=None,
        suppress_health_check=SLOW,
        verbosity=Verbosity.normal if is_explained else Verbosity.quiet,
        print_blob=False,
        report_multiple_bugs=False,
    )
    test = get_state_machine_test(machine, settings=chosen, _flaky_state={"selecting_rule": False})
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with inline_sqlite():
        seed(number)(test)()
