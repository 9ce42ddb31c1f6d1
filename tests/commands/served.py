"""Starts `sangkat` as a person does: another process, real flags, a free port."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from api.app import open_register
from api.ledger.committer import now_ms
from api.settings import Settings
from api.setup.records import Demo
from api.setup.store import record
from tests.makers import LOG

SECONDS_MAX = 60


class Served(NamedTuple):
    """A server that listens."""

    process: subprocess.Popen[str]
    url: str
    said: str
    data: Path


def sangkat(
    *arguments: str | Path, data: Path, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "api", *map(str, arguments), "--data", str(data)],
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        input=typed,
        env=clean_environment(),
    )


def clean_environment() -> dict[str, str]:
    """The machine's variables without ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SANGKAT_")}


async def mark_as_demonstration(folder: Path) -> None:
    """Let a register collect: its people are invented."""
    async with (
        open_register(Settings(data_dir=folder)) as register,
        register.engine.writing() as tx,
    ):
        await record(tx, LOG, Demo(size="tiny", seed=1, today="", offset_ms=0), now_ms())


@contextmanager
def served(data: Path, *flags: str, files_max: int | None = None) -> Iterator[Served]:
    """Serve a folder on a free port until the block ends, perhaps with few open files."""
    command = [sys.executable, "-m", "api", "serve", "--data", str(data), "--port", "0", *flags]
    if files_max is not None:
        command = ["sh", "-c", f'ulimit -n {files_max}; exec "$0" "$@"', *command]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )
    try:
        said = read_welcome(process)
        url = said.split("Open ")[1].split("/app/")[0]
        await_ready(url)
        yield Served(process, url, said, data)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS_MAX)


def read_welcome(process: subprocess.Popen[str]) -> str:
    """Everything up to the line that says what to open."""
    assert process.stdout is not None
    said = ""
    while "Open " not in said:
        line = process.stdout.readline()
        assert line, "the server ended before it listened"
        said += line
    return said


def await_ready(url: str) -> None:
    """Wait until the server says that what it acknowledges is durable."""
    ends = time.monotonic() + SECONDS_MAX
    while httpx.get(f"{url}/readyz", verify=False).status_code != httpx.codes.OK:
        assert time.monotonic() < ends
