"""SQLite without its threads: the same files and statements, in the same order in every run."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from aiosqlite import Connection


async def _execute(self: Connection, fn: Any, *arguments: Any, **named: Any) -> Any:
    if self._connection is None:
        raise ValueError("Connection closed")
    return fn(*arguments, **named)


async def _connect(self: Connection) -> Connection:
    if self._connection is None:
        self._connection = self._connector()
    return self


@contextmanager
def inline_sqlite() -> Generator[None]:
    """Run statements where they are awaited, which is several times as fast."""
    originals = Connection._execute, Connection._connect
    Connection._execute, Connection._connect = _execute, _connect
    try:
        yield
    finally:
        Connection._execute, Connection._connect = originals
