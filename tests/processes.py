"""Servers of the tests' own: a free port for one, and the processes that belong to it."""

import socket
from contextlib import suppress
from pathlib import Path


def find_free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def list_family(pid: int) -> list[int]:
    """Return a process and its children."""
    parents: dict[int, int] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number, _, rest = file.read_text().partition(" (")
            parents[int(number)] = int(rest.rpartition(") ")[2].split()[1])
    return [pid, *(child for child, parent in parents.items() if parent == pid)]
