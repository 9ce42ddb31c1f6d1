"""Starts `sangkat` as a person does: another process, real flags, a free port."""

import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from api.__main__ import main
from api.app import open_register
from api.ledger.committer import now_ms
from api.setup.records import Demo
from api.setup.store import record
from tests.engines import settings_for
from tests.forking import SECONDS_MAX, Program, Run
from tests.makers import LOG


class Served(NamedTuple):
    """A server that listens."""

    process: Program
    url: str
    said: str
    data: Path
    #: Its address in PostgreSQL; nothing where it has a file.
    database: str = ""


def sangkat(
    *arguments: str | Path, data: Path, typed: str = "", run: Run = main, database: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    given = [*map(str, arguments), "--data", str(data)]
    environ = {**clean_environment(), "SANGKAT_DATABASE": database}
    program = Program(run, *given, environ=environ, typed=typed)
    exit_code = program.wait()
    return subprocess.CompletedProcess(
        given, exit_code, program.read("stdout"), program.read("stderr")
    )


def clean_environment() -> dict[str, str]:
    """The machine's variables without ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SANGKAT_")}


async def mark_as_demonstration(folder: Path) -> None:
    """Let a register collect: its people are invented."""
    settings = await settings_for(folder)
    async with open_register(settings) as register, register.engine.writing() as tx:
        await record(tx, LOG, Demo(size="tiny", seed=1, today="", offset_ms=0), now_ms())


@contextmanager
def served(
    data: Path, *flags: str, run: Run = main, base_url: str = "", database: str = ""
) -> Iterator[Served]:
    """Serve a folder on a free port until the block ends."""
    given = ["serve", "--data", str(data), "--port", "0", *flags]
    process = Program(
        run,
        *given,
        environ={**clean_environment(), "SANGKAT_BASE_URL": base_url, "SANGKAT_DATABASE": database},
    )
    try:
        said = process.read_until("/app/")
        url = said.split("Open ")[1].split("/app/")[0]
        await_ready(url)
        yield Served(process, url, said, data, database)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def run_with_few_files(files_max: int, arguments: list[str]) -> int:
    """Run `sangkat` with so few open files, as the machine's limits may say."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (files_max, files_max))
    return main(arguments)


def await_ready(url: str) -> None:
    """Wait until the server says that what it acknowledges is durable."""
    ends = time.monotonic() + SECONDS_MAX
    with httpx.Client(verify=False, timeout=SECONDS_MAX) as http:
        while http.get(f"{url}/readyz").status_code != httpx.codes.OK:
            assert time.monotonic() < ends
