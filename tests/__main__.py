"""The command `python3 -m tests`: sets up as `deploy` does, then runs every check."""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy import environment, pwa
from deploy.node import FOR_CHECKING
from deploy.steps import EXIT_FAILED, Stopped, environment_for_tools
from tests import machine, running
from tests.checks import CHECKS, chosen

LOCK = "tests/requirements.txt"
INTERRUPTED = 130


def main(arguments: Sequence[str]) -> int:
    options = read_options(arguments)
    try:
        node_folder = set_up(nightly=options.nightly)
        if options.benchmarks:
            return run_benchmarks(options.json)
        return run_checks(options, node_folder)
    except Stopped as stop:
        print(stop.advice, file=sys.stderr)
        return stop.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def set_up(*, nightly: bool) -> Path:
    """Everything a check may need; returns the folder of the Node to use."""
    machine.set_up(nightly=nightly)
    environment.set_up(LOCK)
    pwa.set_up()
    return pwa.set_up_packages(FOR_CHECKING).folder


def run_checks(options: argparse.Namespace, node_folder: Path) -> int:
    """The last line counts the tests of all runners, and reads the same for a person and a CI."""
    seconds_max = running.NIGHTLY_SECONDS_MAX if options.nightly else running.CHECK_SECONDS_MAX
    checks = chosen(CHECKS, only=options.only, nightly=options.nightly)
    passed = running.run_all(checks, node_folder=node_folder, seconds_max=seconds_max)
    print(f"{passed} passed, 0 failed")
    return 0


def run_benchmarks(report: str | None) -> int:
    """Figures are no check: they are measured by themselves on an otherwise quiet machine."""
    if not (environment.ROOT / "tests" / "benchmarks").exists():
        raise Stopped("There are no benchmarks yet.", exit_code=EXIT_FAILED)
    to_file = ["--json", report] if report else []
    command = [environment.PYTHON, "-m", "tests.benchmarks", *to_file]
    return subprocess.run(
        command, cwd=environment.ROOT, env=environment_for_tools(), check=False
    ).returncode


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m tests", description="Run every check.", allow_abbrev=False
    )
    names = [check.name for check in CHECKS]
    parser.add_argument("--only", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--nightly", action="store_true", help="the tests that take hours as well")
    parser.add_argument("--benchmarks", action="store_true", help="measure, check nothing")
    parser.add_argument("--json", metavar="FILE", help="where --benchmarks writes its figures")
    options = parser.parse_args(arguments)
    if options.json and not options.benchmarks:
        parser.error("--json belongs to --benchmarks")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
