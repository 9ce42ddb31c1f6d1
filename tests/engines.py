"""Which engine the registers of the tests run on: a file each, or a database each in one cluster.

`pytest --engine postgresql` runs the same tests on PostgreSQL. A folder of data has one database,
however often a register is opened in it.
"""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg

from api.settings import Settings
from tests.postgres import running_cluster

NAMES: Final = ("sqlite", "postgresql")
#: Of the registers that are opened now the last: an address, or nothing for a file each.
_CLUSTERS: Final[list[str]] = [""]


@contextmanager
def using(name: str) -> Iterator[None]:
    """Open registers on this engine until the block ends."""
    if name == "sqlite":
        with using_cluster(""):
            yield
        return
    with running_cluster() as dsn, using_cluster(dsn):
        yield


@contextmanager
def using_cluster(dsn: str) -> Iterator[None]:
    """Open registers in this cluster until the block ends, in files where there is none."""
    _CLUSTERS.append(dsn)
    try:
        yield
    finally:
        _CLUSTERS.pop()


def is_postgresql() -> bool:
    """Say whether registers are opened in PostgreSQL now."""
    return bool(_CLUSTERS)


async def settings_for(folder: Path, **given: Any) -> Settings:
    """Return the settings of a register in a folder, on the engine in use."""
    return Settings(data_dir=folder, **{"database": await find_address(folder), **given})


async def find_address(folder: Path) -> str:
    """Return the address of a folder's database, and nothing where it has a file."""
    return await find_database(folder) if _CLUSTERS[-1] else ""


async def find_database(folder: Path) -> str:
    """Return the address of a folder's database, made when it is asked for first."""
    address = name_address(folder)
    async with _connected() as connection:
        there = "SELECT 1 FROM pg_database WHERE datname = $1"
        if not await connection.fetchval(there, _name(address)):
            await connection.execute(f"CREATE DATABASE {_name(address)}")
    return address


def name_address(folder: Path) -> str:
    """Return where a folder's database is, or would be."""
    name = f"data_{hashlib.sha256(str(folder).encode()).hexdigest()[:24]}"
    return f"{_CLUSTERS[-1].rpartition('/')[0]}/{name}"


async def make_database(address: str, pattern: str = "") -> None:
    """Make a database, empty or as a copy of another that nobody uses."""
    template = f" TEMPLATE {_name(pattern)}" if pattern else ""
    async with _connected() as connection:
        await connection.execute(f"CREATE DATABASE {_name(address)}{template}")


async def drop_database(address: str) -> None:
    """Delete a database, if it is there, and whoever uses it loses it."""
    async with _connected() as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {_name(address)} WITH (FORCE)")


def _name(address: str) -> str:
    return address.rpartition("/")[2]


@asynccontextmanager
async def _connected() -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(_CLUSTERS[-1])
    try:
        yield connection
    finally:
        await connection.close()
