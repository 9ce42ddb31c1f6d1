"""Which engine the registers of the tests run on: a file each, or a database each in one cluster.

`pytest --engine postgresql` runs the same tests on PostgreSQL. A folder of data has one database,
however often a register is opened in it.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg

from api.settings import Settings
from tests.postgres import running_cluster

NAMES: Final = ("sqlite", "postgresql")
_CLUSTERS: Final[list[str]] = []


@contextmanager
def using(name: str) -> Iterator[None]:
    """Open registers on this engine until the block ends."""
    if name == "sqlite":
        yield
        return
    with running_cluster() as dsn:
        _CLUSTERS.append(dsn)
        yield
        _CLUSTERS.pop()


def is_postgresql() -> bool:
    """Say whether registers are opened in PostgreSQL now."""
    return bool(_CLUSTERS)


async def settings_for(folder: Path, **given: Any) -> Settings:
    """Return the settings of a register in a folder, on the engine in use."""
    database = await find_database(folder) if _CLUSTERS else ""
    return Settings(data_dir=folder, **{"database": database, **given})


async def find_database(folder: Path) -> str:
    """Return the address of a folder's database, made when it is asked for first."""
    name = f"data_{hashlib.sha256(str(folder).encode()).hexdigest()[:24]}"
    connection = await asyncpg.connect(_CLUSTERS[-1])
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return f"{_CLUSTERS[-1].rpartition('/')[0]}/{name}"
