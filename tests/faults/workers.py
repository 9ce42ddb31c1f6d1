"""Several workers on one PostgreSQL database, behind one address, as a load balancer has them."""

import os
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from itertools import cycle
from pathlib import Path
from typing import Final

import asyncpg
import httpx

from tests.engines import find_database
from tests.faults.process import ServerProcess

#: What the checker reads of a register's file, column by column.
_READ: Final = {
    "entries": "log, pos, id, hash, kind, received_ms, chain, receipt",
    "payloads": "log, id, bytes",
    "heads": "log, pos, chain",
    "stays": "document_key",
}


class Workers:
    """Processes with one folder of keys and one database; they are reached in turn."""

    def __init__(self, data: Path, database: str, count: int) -> None:
        self.database = database
        self.each = [ServerProcess(data, SANGKAT_DATABASE=database) for _ in range(count)]
        self.url = self.each[0].url
        self._turn = cycle(self.each)

    async def start(self) -> None:
        """Start them at once, the first time on a database with no table in it."""
        for worker in self.each:
            worker.say(SANGKAT_BASE_URL=self.url)
            await worker.start()

    def next(self) -> ServerProcess:
        """Return whose turn it is."""
        return next(self._turn)

    def spread(self) -> httpx.AsyncHTTPTransport:
        """Return a way on which each request goes to another worker."""
        return _Spread(self)


class _Spread(httpx.AsyncHTTPTransport):
    def __init__(self, workers: Workers) -> None:
        super().__init__()
        self._workers = workers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(port=self._workers.next().port)
        return await super().handle_async_request(request)


@asynccontextmanager
async def working(data: Path, count: int) -> AsyncGenerator[Workers]:
    """Run workers until the block ends."""
    workers = Workers(data, await find_database(data), count)
    async with AsyncExitStack() as stack:
        for worker in workers.each:
            stack.push_async_callback(worker.kill)
        await workers.start()
        yield workers


async def copy_to_file(database: str, target: Path) -> Path:
    """Write what the checker reads into a file: it knows SQLite and nothing of the register."""
    connection = await asyncpg.connect(database)
    try:
        rows = {
            table: await connection.fetch(f"SELECT {columns} FROM {table}")
            for table, columns in _READ.items()
        }
    finally:
        await connection.close()
    with closing(sqlite3.connect(os.fspath(target))) as file, file:
        for table, columns in _READ.items():
            file.execute(f"CREATE TABLE {table} ({columns})")
            places = ", ".join("?" for _ in columns.split(","))
            values = [tuple(row) for row in rows[table]]
            file.executemany(f"INSERT INTO {table} VALUES ({places})", values)
    return target
