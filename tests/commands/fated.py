"""Starts `sangkat` so that it is killed, or stopped, at one moment of its work."""

import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

from api.__main__ import main
from tests.commands.served import clean_environment
from tests.forking import Program, Run

Moment = tuple[str, str, int]
"""An audit event, what its first argument holds, and the how many-th of them it is."""

# The scratch database has been made when it is opened for the second time, to read.
FOLDING: Moment = ("sqlite3.connect", "sangkat-scratch-", 2)


def start(
    fate: signal.Signals,
    when: Moment,
    *command: str | Path,
    data: Path,
    run: Run = main,
    database: str = "",
) -> Program:
    """Start a command that meets its fate, a signal, at a moment."""
    given = [*map(str, command), "--data", str(data)]
    environ = {**clean_environment(), "SANGKAT_DATABASE": database}
    return Program(partial(_run, run, fate, when), *given, environ=environ)


def kill(
    when: Moment, *command: str | Path, data: Path, run: Run = main, database: str = ""
) -> None:
    """Run a command until it is killed at a moment."""
    killed = start(signal.SIGKILL, when, *command, data=data, run=run, database=database)
    assert killed.wait() == -signal.SIGKILL, killed.read("stderr")


def _run(run: Run, fate: signal.Signals, when: Moment, arguments: list[str]) -> int:
    event, wanted, left = when

    def watch(happened: str, about: tuple[Any, ...]) -> None:
        nonlocal left
        if happened == event and wanted in str(about[0]):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), fate)

    sys.addaudithook(watch)
    return run(arguments)
