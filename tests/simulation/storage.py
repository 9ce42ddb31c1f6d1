"""Where a history's register keeps its data, and what an operator does with it.

Apart from everything else, so that the same histories run on another engine: what founds, copies,
restores and proves a register is here, and nothing else of a history knows the engine.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import ClassVar, Final, Protocol, Self

from msgspec.structs import replace

from api.copies import open_copies
from api.database.files import open_snapshot
from api.database.migrate import migrate
from api.database.sqlite import open_sqlite
from api.inspection.inspecting import Inspection, Trusted
from api.ledger.keys import read_keys
from api.places.store import load_places
from api.register import Register
from api.settings import Settings
from tests import engines
from tests.postgres import load

MEMORY: Final = Path("/dev/shm")
EMPTY: Final = "empty.sqlite3"


def working_folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder in memory where there is one: histories need no disk, only its rules."""
    return tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)


class Storage(Protocol):
    """The data of one register in a folder of its own."""

    name: ClassVar[str]

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Keep the data in this folder, or under its name."""
        ...

    @property
    def settings(self) -> Settings:
        """Under which the register opens these data."""
        ...

    async def found(self) -> None:
        """Make what is the same in every history, before the register is opened."""
        ...

    async def begin(self, founded: Self) -> None:
        """Start as a copy of what was founded; nobody serves either."""
        ...

    async def copy(self, register: Register) -> None:
        """Take a copy while the register goes on."""
        ...

    async def restore(self, number: int) -> None:
        """Put a copy back while nobody serves."""
        ...

    async def inspect(self) -> Sequence[str]:
        """Return a line for each thing that is wrong, everything computed anew."""
        ...

    async def end(self) -> None:
        """Leave nothing outside the folder."""
        ...


class SqliteStorage:
    """A register's folder with its database file and keys."""

    name: ClassVar[str] = "sqlite"

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Keep everything in this folder."""
        self._folder = folder
        self._settings = replace(settings, data_dir=folder)
        self._copies: list[Path] = []

    @property
    def settings(self) -> Settings:
        """Under which the register opens these data."""
        return self._settings

    async def found(self) -> None:
        """Make an empty database, which every inspection folds into and compares with."""
        self._folder.mkdir()
        engine = await open_sqlite(self._folder / EMPTY)
        try:
            await migrate(engine, 0)
        finally:
            await engine.close()

    async def begin(self, founded: Self) -> None:
        """Start as a copy of what was founded."""
        shutil.copytree(founded.settings.data_dir, self._folder)

    async def copy(self, register: Register) -> None:
        """Take a copy, as the operator does every few minutes."""
        target = self._folder / f"copy-{len(self._copies)}.sqlite3"
        await register.engine.backup(target)
        self._copies.append(target)

    async def restore(self, number: int) -> None:
        """Lose everything that came after a copy; keys are kept apart and survive."""
        database = self._settings.database_path
        for file in self._folder.glob(f"{database.name}*"):
            file.unlink()
        shutil.copyfile(self._copies[number % len(self._copies)], database)

    async def inspect(self) -> Sequence[str]:
        """Fold the whole log anew into an empty database and compare every table."""
        empty, scratch = self._folder / EMPTY, self._folder / "scratch.sqlite3"
        shutil.copyfile(empty, scratch)
        async with AsyncExitStack() as opened:
            engine = await open_sqlite(scratch)
            opened.push_async_callback(engine.close)
            held = await opened.enter_async_context(open_snapshot(self._settings.database_path))
            folded = await opened.enter_async_context(engine.writing())
            pattern = await opened.enter_async_context(open_snapshot(empty))
            inspection = Inspection(trust(self._settings), held, folded, pattern)
            return [line async for line in inspection.run(lambda _: None)]

    async def end(self) -> None:
        """Leave all of it to who made the folder."""


class PostgresStorage:
    """A register's folder with its keys, and a database of its own in the cluster in use."""

    name: ClassVar[str] = "postgresql"

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Keep the keys in this folder, and the rest under its name."""
        self._folder = folder
        self._settings = replace(settings, data_dir=folder, database=engines.name_address(folder))
        self._copies: list[Path] = []

    @property
    def settings(self) -> Settings:
        """Under which the register opens these data."""
        return self._settings

    async def found(self) -> None:
        """Make an empty database."""
        self._folder.mkdir()
        await engines.make_database(self._settings.database)

    async def begin(self, founded: Self) -> None:
        """Start as a copy of what was founded."""
        shutil.copytree(founded.settings.data_dir, self._folder)
        await engines.make_database(self._settings.database, founded.settings.database)

    async def copy(self, register: Register) -> None:
        """Take a copy, as the operator does every few minutes."""
        target = self._folder / f"copy-{len(self._copies)}.pgdump"
        await register.engine.backup(target)
        self._copies.append(target)

    async def restore(self, number: int) -> None:
        """Lose everything that came after a copy; keys are kept apart and survive."""
        await engines.drop_database(self._settings.database)
        await engines.make_database(self._settings.database)
        copy = self._copies[number % len(self._copies)]
        await asyncio.to_thread(load, self._settings.database, copy)

    async def inspect(self) -> Sequence[str]:
        """Fold the whole log anew, as `sangkat verify` does, and compare every table."""
        async with open_copies(self._settings) as (held, folded, pattern):
            inspection = Inspection(trust(self._settings), held, folded, pattern)
            return [line async for line in inspection.run(lambda _: None)]

    async def end(self) -> None:
        """Leave no database behind."""
        await engines.drop_database(self._settings.database)


def trust(settings: Settings) -> Trusted:
    """Return what an inspection starts from: the keys that lie beside the database."""
    keys = read_keys(settings.keys_dir)
    return Trusted(
        log=settings.log,
        places=load_places(),
        receipt_keys={key.kid: key.jwk for key in keys.published},
        receipt_kid=keys.receipt_kid,
        published=keys.published,
        gateway_kid=keys.gateway_kid,
    )


STORAGES: Final[dict[str, type[Storage]]] = {
    SqliteStorage.name: SqliteStorage,
    PostgresStorage.name: PostgresStorage,
}
