"""Runs histories by number: the same number gives the same history, on every machine."""

import logging
import random
import shlex
from collections.abc import Iterable
from typing import Any, Final

from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.stateful import get_state_machine_test
from msgspec import Struct

from tests.simulation.history import History
from tests.simulation.quick import quickly
from tests.simulation.storage import SqliteStorage, Storage

STEPS: Final = 30
#: More than any history draws; what is left over changes nothing.
BYTES: Final = 1 << 15


class Course(Struct, frozen=True):
    """What histories have in common besides chance; `mutant` only names what was taken away."""

    faults: frozenset[str] = frozenset()
    mutant: str = ""
    storage: type[Storage] = SqliteStorage

    def write_command(self, number: int) -> str:
        """Return what a person types to see one history again."""
        words = ["python", "-m", "tests.simulation", "--seed", str(number)]
        words += ["--faults", ",".join(sorted(self.faults))] if self.faults else []
        words += ["--mutant", self.mutant] if self.mutant else []
        words += ["--engine", self.storage.name] if self.storage is not SqliteStorage else []
        return shlex.join(words)


SLOW: Final = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
PLAIN: Final = Course()


def run_histories(numbers: Iterable[int], course: Course = PLAIN) -> None:
    """Run them one after the other; what the first wrong one raises says how to repeat it."""
    run = make_test(course, settings(database=None)).hypothesis.fuzz_one_input
    with quickly():
        for number in numbers:
            try:
                run(draw(number))
            except Exception as error:
                error.add_note(f"This history again: {course.write_command(number)}")
                raise


def tell_history(number: int, course: Course, *, is_small: bool) -> None:
    """Run one and print its steps; when it goes wrong, made as small as it still goes wrong."""
    database = InMemoryExampleDatabase() if is_small else None
    verbosity = Verbosity.normal if is_small else Verbosity.debug
    test = make_test(course, settings(database=database, verbosity=verbosity))
    with quickly():
        try:
            test.hypothesis.fuzz_one_input(draw(number))
        except Exception:
            if is_small:
                test()
            raise


def make_test(course: Course, chosen: settings) -> Any:
    """Return the histories of a course as Hypothesis runs them."""
    made = {"forced": course.faults, "storage": course.storage}
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return get_state_machine_test(
        type("History", (History,), made),
        settings=settings(
            chosen,
            stateful_step_count=STEPS,
            phases=(Phase.reuse, Phase.shrink),
            deadline=None,
            suppress_health_check=SLOW,
            report_multiple_bugs=False,
        ),
        _flaky_state={"selecting_rule": False},
    )


def draw(number: int) -> bytes:
    """Return the chances of a history."""
    return random.Random(number).randbytes(BYTES)
