"""Running one check after the other: a line each, and the whole output of the first that fails."""

import os
import re
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from deploy.environment import ROOT
from deploy.steps import EXIT_FAILED, Stopped, environment_for_tools
from tests.checks import Check

# A check that takes longer hangs. The whole run is meant to take a quarter of an hour, but
# machines were seen that are four times slower than others.
CHECK_SECONDS_MAX = 2400
NIGHTLY_SECONDS_MAX = 4 * 3600
CLOSING_LINE = re.compile(r"^.*\b(\d+) passed\b.*$", re.MULTILINE)
# A test that was not run says nothing; the run has no place for it.
LEFT_OUT = re.compile(r"\b\d+ (skipped|xfailed|xpassed|todo)\b")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Ended(NamedTuple):
    """How a check came out; no exit code when time ran out."""

    exit_code: int | None
    seconds: float
    said: str


class Running(NamedTuple):
    """A check under way."""

    check: Check
    process: subprocess.Popen[bytes]
    ended: Future[Ended]


def run_all(checks: Iterable[Check], *, node_folder: Path | None, seconds_max: int) -> int:
    """Run the checks in order; returns how many tests passed, stops at the first failure."""
    due = [check for check in checks if (ROOT / check.subject).exists()]
    if not due:
        raise Stopped("There is nothing to check yet.")
    environment = environment_for_tools(*([node_folder] if node_folder else []))
    passed = 0
    for group in put_beside(due):
        with running(group, environment, seconds_max) as under_way:
            passed += sum(count_of(tell(one, node_folder)) for one in under_way)
    return passed


def put_beside(checks: Iterable[Check]) -> list[list[Check]]:
    """The checks in their order, each with those that run beside it."""
    groups: list[list[Check]] = []
    for check in checks:
        if check.is_beside and groups:
            groups[-1].append(check)
        else:
            groups.append([check])
    return groups


@contextmanager
def running(
    checks: Sequence[Check], environment: dict[str, str], seconds_max: int
) -> Generator[list[Running]]:
    """Start checks together; whatever still runs at the end, or was started by them, ends."""
    with ExitStack() as stack:
        under_way: list[Running] = []
        for check in checks:
            output = stack.enter_context(tempfile.TemporaryFile())
            process = start(check, output, environment)
            waiting = stack.enter_context(ThreadPoolExecutor(1))
            stack.callback(end_group, process)
            ended = waiting.submit(wait_for, process, output, seconds_max)
            under_way.append(Running(check, process, ended))
        yield under_way


def tell(one: Running, node_folder: Path | None) -> str:
    """Print a check's line once it ended; returns the closing line of its runner, if any."""
    print(f"{one.check.name:<20}", end=" ", flush=True)
    exit_code, seconds, said = one.ended.result()
    closing_line = find_closing_line(said)
    if exit_code == 0 and LEFT_OUT.search(closing_line):
        exit_code = EXIT_FAILED
    print(f"{outcome(exit_code):<6} {seconds:6.1f} s  {closing_line}".rstrip(), flush=True)
    if exit_code != 0:
        print(said, flush=True)
        raise Stopped(f"To repeat it: {repeat(one.check, node_folder)}")
    return closing_line


def start(check: Check, output: IO[bytes], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        check.command,
        cwd=ROOT / check.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[bytes], output: IO[bytes], seconds_max: int) -> Ended:
    started = time.monotonic()
    exit_code: int | None = None
    with suppress(subprocess.TimeoutExpired):
        exit_code = process.wait(seconds_max)
    end_group(process)
    seconds = time.monotonic() - started
    output.seek(0)
    return Ended(exit_code, seconds, output.read().decode(errors="replace"))


def end_group(running: subprocess.Popen[bytes]) -> None:
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
