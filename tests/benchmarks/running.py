"""Starts the compared register, or a plain one, in a process of its own and ends it again."""

import os
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from msgspec import Struct

from tests.processes import find_free_port

ROOT = Path(__file__).parents[2]
_SECONDS_MAX = 60
_POLL_SECONDS = 0.01


class Running(Struct, frozen=True):
    """A register's process and the ports at which it listens."""

    pid: int
    ports: Sequence[int]

    @property
    def url(self) -> str:
        port = self.ports[0]
        return f"http://127.0.0.1:{port}"


@contextmanager
def compared(data: Path, database: str = "") -> Generator[Running]:
    """Serve a folder in three ways: in groups, one by one, and storing nothing."""
    ports = [find_free_port() for _ in range(3)]
    command = ["-m", "tests.benchmarks.server", str(data), *map(str, ports)]
    with started(command, ports, SANGKAT_DATABASE=database) as running:
        yield running


@contextmanager
def plain(data: Path) -> Generator[Running]:
    """Serve a folder as an operator does."""
    port = find_free_port()
    command = ["-m", "api", "serve", "--data", str(data), "--port", str(port)]
    with started(command, [port]) as running:
        yield running


@contextmanager
def started(arguments: Sequence[str], ports: Sequence[int], **variables: str) -> Generator[Running]:
    """Run Python until the block ends; entered when every port is ready."""
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for port in ports:
            await_ready(port, process)
        yield Running(process.pid, ports)
    finally:
        process.kill()
        process.wait()


def await_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the register at a port says that it is ready."""
    ends = time.monotonic() + _SECONDS_MAX
    while not is_ready(port):
        assert process.poll() is None, "the register ended before it was ready"
        assert time.monotonic() < ends, "the register did not get ready"
        time.sleep(_POLL_SECONDS)


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").is_success
    except httpx.TransportError:
        return False
