"""Every check of the repository as data: what it is called, what must exist for it, how it runs."""

from collections.abc import Sequence
from typing import NamedTuple

PYTHON = ".venv/bin/"
NODE = "node_modules/.bin/"
# Who is done first takes over tests from the other: files differ much in how long they take.
ON_BOTH_CORES = ("--numprocesses=2", "--dist=worksteal")


class Check(NamedTuple):
    """One line of the run. A check is left out only while what it looks at does not exist."""

    name: str
    subject: str
    command: Sequence[str]
    folder: str = "."
    #: Whether what its tests write has to lie on the machine's disk, and not in memory.
    is_on_disk: bool = False


def pytest_check(name: str, *places: str, subject: str | None = None) -> Check:
    """A part of the tests on both cores; `places` are folders, or options that leave some out."""
    command = [f"{PYTHON}python", "-m", "pytest", "--no-header", "--quiet", *places]
    return Check(name, subject or places[0], [*command, *ON_BOTH_CORES])


def node_check(name: str, subject: str, *command: str) -> Check:
    return Check(name, subject, [NODE + command[0], *command[1:]], folder="pwa")


def chosen(checks: Sequence[Check], *, only: str | None, nightly: bool) -> Sequence[Check]:
    """All of them or the one asked for; by day without the tests marked nightly."""
    wanted = [check for check in checks if only in {None, check.name}]
    return [check if nightly else by_day(check) for check in wanted]


def by_day(check: Check) -> Check:
    if "pytest" not in check.command:
        return check
    return check._replace(command=[*check.command, "-m", "not nightly"])


APART = (
    "tests/tidy",
    "tests/commands",
    "tests/simulation",
    "tests/journeys",
    "tests/faults",
    "tests/benchmarks",
)

#: What every engine has to answer alike is asked of both: the log, its folds, lists, plain writes.
ON_POSTGRESQL = ("tests/ledger", "tests/stays", "tests/review", "tests/gateway")

CHECKS: Sequence[Check] = (
    Check("format", "pyproject.toml", [f"{PYTHON}ruff", "format", "--check", "."]),
    Check("lint", "pyproject.toml", [f"{PYTHON}ruff", "check", "--quiet", "."]),
    Check("types", "pyproject.toml", [f"{PYTHON}basedpyright"]),
    Check("imports", "api/app.py", [f"{PYTHON}lint-imports"]),
    Check("dependencies", "api/app.py", [f"{PYTHON}deptry", "."]),
    Check("leftovers", "pyproject.toml", [f"{PYTHON}vulture"]),
    Check("spelling", "pyproject.toml", [f"{PYTHON}codespell"]),
    node_check("pwa format and lint", "pwa/biome.json", "biome", "ci", "--colors=off", "."),
    node_check("pwa types", "pwa/tsconfig.json", "tsc", "-b"),
    node_check("pwa units", "pwa/package.json", "vitest", "run"),
    node_check("pwa build", "pwa/vite.config.ts", "vite", "build"),
    pytest_check("tidy", "tests/tidy"),
    pytest_check("units", "tests", *(f"--ignore={place}" for place in APART)),
    pytest_check("units on PostgreSQL", *ON_POSTGRESQL, "--engine=postgresql", subject="tests"),
    pytest_check("commands", "tests/commands"),
    pytest_check("simulation", "tests/simulation"),
    pytest_check("journeys", "tests/journeys"),
    pytest_check("faults", "tests/faults")._replace(is_on_disk=True),
)
