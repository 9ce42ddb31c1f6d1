"""Writers that keep what was acknowledged and try again what was not.

What they write to is a parameter: a table, or by the same two methods a register with phones.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Final, Protocol, Self
from uuid import UUID

import asyncpg

from sync.document import uuid7
from tests.faults.devices import Device
from tests.faults.history import History
from tests.faults.process import ServerProcess

_ANSWER_SECONDS: Final = 5
_PATIENCE_SECONDS: Final = 180
_PAUSE_SECONDS: Final = 0.2
#: An unverified account may declare 500 stays.
_REST_SECONDS: Final = 0.4
#: What a connection says when it is cut, whatever it was doing: nobody knows whether it was done.
_UNCERTAIN: Final = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


class Written(Protocol):
    """A place that takes ids, each once however often it is sent."""

    async def write(self, one: UUID) -> None:
        """Return when the id is durable; raises when that is not known."""
        ...

    async def list_all(self) -> Sequence[UUID]:
        """Return every id that is there."""
        ...


class Record:
    """What was acknowledged, and when."""

    def __init__(self) -> None:
        self.acknowledged: list[UUID] = []
        self.retries_count = 0
        self.stall_seconds = 0.0
        self._last = time.monotonic()

    def note(self, one: UUID) -> None:
        now = time.monotonic()
        self.stall_seconds = max(self.stall_seconds, now - self._last)
        self._last = now
        self.acknowledged.append(one)


class Table:
    """A table of a PostgreSQL database, over a connection that is made anew when it is lost."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: asyncpg.Connection | None = None

    async def __aenter__(self) -> Self:
        await _insist(self._open)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connection is not None:
            self._connection.terminate()

    async def _open(self) -> None:
        sql = "CREATE TABLE IF NOT EXISTS written (id uuid PRIMARY KEY)"
        await self._run(sql)

    async def write(self, one: UUID) -> None:
        await self._run("INSERT INTO written (id) VALUES ($1) ON CONFLICT DO NOTHING", one)

    async def _run(self, sql: str, *values: UUID) -> None:
        try:
            await (await self._connect()).execute(sql, *values, timeout=_ANSWER_SECONDS)
        except BaseException:
            self._drop()
            raise

    async def list_all(self) -> Sequence[UUID]:
        return [row[0] for row in await (await self._connect()).fetch("SELECT id FROM written")]

    async def _connect(self) -> asyncpg.Connection:
        connection = self._connection
        if connection is None or connection.is_closed():
            connection = await asyncpg.connect(self._dsn, timeout=_ANSWER_SECONDS)
        self._connection = connection
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = None


class Phone:
    """A register, by a phone that declares a stay of the id and goes on until it is there."""

    def __init__(self, device: Device, history: History, server: ServerProcess) -> None:
        self._device = device
        self._history = history
        self._server = server

    async def write(self, one: UUID) -> None:
        await asyncio.sleep(_REST_SECONDS)
        await self._device.save_stay(self._history, one)
        while one not in self._history.promised:
            await self._device.exchange_once()

    async def list_all(self) -> Sequence[UUID]:
        held = await self._server.read_held()
        return [entry.id for entry in held.entries if entry.kind == "stay"]


@asynccontextmanager
async def writing(places: Sequence[Written]) -> AsyncIterator[Record]:
    """Write new ids to every place until the block ends, each until it is acknowledged."""
    record, is_over = Record(), asyncio.Event()

    async def go_on(place: Written) -> None:
        while not is_over.is_set():
            one = uuid7()
            record.retries_count += await _insist(partial(place.write, one))
            record.note(one)

    async with asyncio.TaskGroup() as tasks:
        for place in places:
            tasks.create_task(go_on(place))
        try:
            yield record
        finally:
            is_over.set()


async def _insist(act: Callable[[], Awaitable[None]]) -> int:
    """Try until it is done; return how often it was not."""
    failures_count = 0
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not await _try(act):
            failures_count += 1
            await asyncio.sleep(_PAUSE_SECONDS)
    return failures_count


async def _try(act: Callable[[], Awaitable[None]]) -> bool:
    with suppress(*_UNCERTAIN):
        await act()
        return True
    return False
