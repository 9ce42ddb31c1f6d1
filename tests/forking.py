"""Starts the program in a process of its own, forked from one that has loaded it already.

Loading takes longer than most of what tests ask of the program, hundreds of times. All else is as
at a start from nothing, of which `tests/commands/test_exits.py` has one: a process with variables,
files, output, signals and an exit code of its own.
"""

import multiprocessing
import os
import shutil
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from api.__main__ import COMMANDS

Run = Callable[[list[str]], int]
"""Takes the arguments of a command line, returns the exit code; a function of a module."""

SECONDS_MAX: Final = 60
_POLL_SECONDS: Final = 0.005
_STREAMS: Final = ("stdin", "stdout", "stderr")
_LOADED: Final = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(["api.__main__", *COMMANDS.values(), "tests.forking"])


class Program:
    """A process that runs, or ran; what it writes can be read meanwhile."""

    def __init__(
        self, run: Run, *arguments: str, environ: Mapping[str, str], typed: str = ""
    ) -> None:
        """Start it with these variables, and what somebody has typed as its input."""
        self._streams = Path(mkdtemp())
        weakref.finalize(self, shutil.rmtree, self._streams, ignore_errors=True)
        for name in _STREAMS:
            (self._streams / name).write_text(typed if name == "stdin" else "")
        given = (run, list(arguments), dict(environ), self._streams)
        self._process = _LOADED.Process(target=_begin, args=given, daemon=True)
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number, until it has ended."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit code, less than 0 after a signal; None while it runs."""
        return self._process.exitcode

    def wait(self) -> int:
        """Return the exit code when it has ended."""
        self._process.join(SECONDS_MAX)
        exit_code = self.poll()
        assert exit_code is not None, f"not ended after {SECONDS_MAX} s: {self.read('stderr')}"
        return exit_code

    def send_signal(self, number: int) -> None:
        """Send a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def read(self, stream: str) -> str:
        """Return everything that it has written to `stdout` or `stderr`."""
        return (self._streams / stream).read_text(errors="replace")

    def read_until(self, text: str) -> str:
        """Return everything that it has written to stdout once this text is in it."""
        self.wait_until(lambda: text in self.read("stdout"))
        return self.read("stdout")

    def wait_until(self, has_come: Callable[[], bool]) -> None:
        """Wait for something that the program does while it runs."""
        ends = time.monotonic() + SECONDS_MAX
        is_over = False
        while not has_come():
            assert not is_over, self.read("stdout") + self.read("stderr")
            # Looked at before what has come: it may have done it last of all.
            is_over = self.poll() is not None or time.monotonic() > ends
            # Nobody is told when another's file grows or its process stops.
            time.sleep(_POLL_SECONDS)


def _begin(run: Run, arguments: list[str], environ: dict[str, str], streams: Path) -> None:
    """Become the program: take its variables and its standard streams, and run it."""
    os.environ.clear()
    os.environ.update(environ)
    for number, name in enumerate(_STREAMS):
        with (streams / name).open("a" if number else "r") as file:
            os.dup2(file.fileno(), number)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    sys.exit(run(arguments))
