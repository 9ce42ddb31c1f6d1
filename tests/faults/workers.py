"""Several workers on one PostgreSQL database, behind one address, as a load balancer has them."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import cycle
from pathlib import Path

import httpx

from tests.faults.process import ServerProcess
from tests.faults.way import trust_machine


class Workers:
    """Processes with one folder of keys and one database; they are reached in turn."""

    def __init__(self, data: Path, count: int) -> None:
        self.each = [ServerProcess(data) for _ in range(count)]
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
        super().__init__(verify=trust_machine())
        self._workers = workers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(port=self._workers.next().port)
        return await super().handle_async_request(request)


@asynccontextmanager
async def working(data: Path, count: int) -> AsyncGenerator[Workers]:
    """Run workers until the block ends."""
    workers = Workers(data, count)
    async with AsyncExitStack() as stack:
        for worker in workers.each:
            stack.push_async_callback(worker.kill)
        await workers.start()
        yield workers
