"""The command `python -m tests.simulation`: one history again, or some more than the tests run."""

import argparse
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from tests import engines
from tests.simulation.living import living
from tests.simulation.mutants import MUTANTS
from tests.simulation.running import Course, run_histories, tell_history
from tests.simulation.storage import STORAGES, SqliteStorage


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for; raises what the first wrong history raises."""
    asked = _parser().parse_args(arguments)
    faults = frozenset(asked.faults.split(",")) if asked.faults else frozenset[str]()
    course = Course(faults, asked.mutant, STORAGES[asked.engine])
    with engines.using(asked.engine), without(asked.mutant):
        if asked.count == 1:
            tell_history(asked.seed, course, is_small=asked.small)
        else:
            run_histories(range(asked.seed, asked.seed + asked.count), course)
    print(f"{asked.count} came right")


def without(mutant: str) -> AbstractContextManager[None]:
    """Take a rule away while the history runs, if a mutant is named."""
    return living(next(one for one in MUTANTS if one.name == mutant)) if mutant else nullcontext()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="the number of the first history")
    parser.add_argument("--count", type=int, default=1, help="how many, one number after the other")
    parser.add_argument("--faults", default="", help="faults that each of them may meet")
    parser.add_argument("--mutant", default="", choices=["", *(one.name for one in MUTANTS)])
    parser.add_argument("--engine", default=SqliteStorage.name, choices=sorted(STORAGES))
    parser.add_argument("--small", action="store_true", help="look for the fewest steps that fail")
    return parser


if __name__ == "__main__":
    main()
