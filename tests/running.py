"""Running one check after the other: a line each, and the whole output of the first that fails."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from deploy.environment import ROOT
from deploy.steps import EXIT_FAILED, Stopped, environment_for_tools
from tests.checks import Check

# A check that takes longer hangs. The whole run is meant to take a quarter of an hour, but
# machines were seen that are four times slower than others.
CHECK_SECONDS_MAX = 2400
NIGHTLY_SECONDS_MAX = 4 * 3600
CLOSING_LINE = re.compile(r"^.*\b(\d+) passed\b.*$", re.MULTILINE)
# Thousands of registers are made and thrown away, and waiting for a disk is a third of the time.
MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 4 * 1024**3
# A test that was not run says nothing; the run has no place for it.
LEFT_OUT = re.compile(r"\b\d+ (skipped|xfailed|xpassed|todo)\b")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Ended(NamedTuple):
    """How a check came out; no exit code when time ran out."""

    exit_code: int | None
    seconds: float
    said: str


def run_all(checks: Iterable[Check], *, node_folder: Path | None, seconds_max: int) -> int:
    """Run the checks in order; returns how many tests passed, stops at the first failure."""
    due = [check for check in checks if (ROOT / check.subject).exists()]
    if not due:
        raise Stopped("There is nothing to check yet.")
    environment = environment_for_tools(*([node_folder] if node_folder else []))
    # Hundreds of tests start the program as a process: it is compiled once, not in each of them.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    passed = 0
    for check in due:
        with scratch_folder(check) as scratch:
            passed += run(check, node_folder, {**environment, **scratch}, seconds_max)
    return passed


@contextmanager
def scratch_folder(check: Check) -> Generator[dict[str, str]]:
    """The variable that says where tests write: in memory where there is plenty of it."""
    if check.is_on_disk or not has_room(MEMORY):
        yield {}
        return
    # Short, because the path of a socket is.
    with tempfile.TemporaryDirectory(prefix="t", dir=MEMORY, ignore_cleanup_errors=True) as folder:
        yield {"TMPDIR": folder}


def has_room(folder: Path) -> bool:
    """A folder in memory may grow to its own limit, and to what the machine has left."""
    if not os.access(folder, os.W_OK):
        return False
    free = min(shutil.disk_usage(folder).free, available_bytes())
    return free >= MEMORY_BYTES_MIN


def available_bytes() -> int:
    found = re.search(r"MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text())
    return int(found[1]) * 1024 if found else 0


def run(
    check: Check, node_folder: Path | None, environment: dict[str, str], seconds_max: int
) -> int:
    """Run one check and print its line; returns how many tests passed."""
    print(f"{check.name:<20}", end=" ", flush=True)
    exit_code, seconds, said = run_to_its_end(check, environment, seconds_max)
    closing_line = find_closing_line(said)
    if exit_code == 0 and LEFT_OUT.search(closing_line):
        exit_code = EXIT_FAILED
    print(f"{outcome(exit_code):<6} {seconds:6.1f} s  {closing_line}".rstrip(), flush=True)
    if exit_code != 0:
        print(said, flush=True)
        raise Stopped(f"To repeat it: {repeat(check, node_folder)}")
    return count_of(closing_line)


def run_to_its_end(check: Check, environment: dict[str, str], seconds_max: int) -> Ended:
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            check.command,
            cwd=ROOT / check.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        exit_code: int | None = None
        try:
            with suppress(subprocess.TimeoutExpired):
                exit_code = process.wait(seconds_max)
        finally:
            end_group(process)
        output.seek(0)
        said = output.read().decode(errors="replace")
    return Ended(exit_code, time.monotonic() - started, said)


def end_group(running: subprocess.Popen[bytes]) -> None:
    """End what still runs, and whatever it started."""
    try:
        os.killpg(running.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    running.wait()


def outcome(exit_code: int | None) -> str:
    if exit_code is None:
        return "hangs"
    return "failed" if exit_code else "ok"


def find_closing_line(said: str) -> str:
    """The last line that counts passed tests, without the colours and rules around it."""
    lines = [found[0].strip("= ") for found in CLOSING_LINE.finditer(COLOUR.sub("", said))]
    return lines[-1] if lines else ""


def count_of(closing_line: str) -> int:
    found = CLOSING_LINE.match(closing_line)
    return int(found[1]) if found else 0


def repeat(check: Check, node_folder: Path | None) -> str:
    """The command of a check as one would type it at the top of the repository."""
    command = shlex.join(check.command)
    if check.folder == ".":
        return command
    path = f"PATH={node_folder}:$PATH " if node_folder else ""
    return f"(cd {check.folder} && {path}{command})"
