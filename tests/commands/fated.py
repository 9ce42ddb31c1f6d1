"""Starts `sangkat` so that it is killed, or stopped, at one moment of its work."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.commands.served import clean_environment

Moment = tuple[str, str, str]
"""An audit event, what its first argument holds, and the how many-th of them it is."""

# Meets its fate when the command does for the numbered time what the test names.
FATED = """
import os, signal, sys
from api.__main__ import main

fate, event, wanted, left = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

def watch(happened, arguments):
    global left
    if happened == event and wanted in str(arguments[0]):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.Signals[fate])

sys.addaudithook(watch)
sys.exit(main(sys.argv[5:]))
"""
# The scratch database has been made when it is opened for the second time, to read.
FOLDING: Moment = ("sqlite3.connect", "sangkat-scratch-", "2")


def start(fate: str, when: Moment, *command: str | Path, data: Path) -> subprocess.Popen[bytes]:
    """Start a command that meets its fate, a signal, at a moment."""
    given = [*map(str, command), "--data", str(data)]
    return subprocess.Popen(
        [sys.executable, "-c", FATED, fate, *when, *given],
        stdout=subprocess.DEVNULL,
        env=clean_environment(),
    )


def kill(when: Moment, *command: str | Path, data: Path) -> None:
    """Run a command until it is killed at a moment."""
    assert start("SIGKILL", when, *command, data=data).wait() == -signal.SIGKILL
