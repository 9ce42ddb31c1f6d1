"""A register in a process of its own, which a test kills, freezes, stops and starts again."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from api.__main__ import main
from api.app import open_register
from api.ledger.committer import now_ms
from api.setup.records import Operator
from api.setup.store import record
from sync.instants import write_instant
from tests import engines
from tests.faults.held import Held, read_database, read_file
from tests.faults.way import open_way
from tests.forking import Program, Run
from tests.processes import find_free_port

START_SECONDS_MAX = 60
ADDRESS = "SANGKAT_DATABASE"
_POLL_SECONDS = 0.02


class ServerProcess:
    """One data folder at one address, whichever process serves it at the moment.

    Its data are in PostgreSQL where that is the engine in use.
    """

    def __init__(self, data: Path, run: Run = main, **variables: str) -> None:
        """Choose a free port; `run` takes the arguments of `sangkat serve`."""
        self.data = data
        self.port = find_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.starts = 0
        self._run = run
        self._variables = variables
        self._process: Program | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, of: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.kill()

    @property
    def database(self) -> Path:
        """The file of a register that is not in PostgreSQL."""
        return self.data / "register.sqlite3"

    async def read_held(self) -> Held:
        """Return what its database holds, whether or not it is served."""
        address = self._variables.get(ADDRESS)
        return await read_database(address) if address else read_file(self.database)

    @property
    def running(self) -> Program:
        assert self._process is not None, "the register was not started"
        return self._process

    async def start(self) -> None:
        """Return when the register says that it is ready."""
        if not self.starts:
            await self.found()
        given = ("serve", "--data", str(self.data), "--port", str(self.port))
        environ = {**os.environ, "SANGKAT_BASE_URL": self.url, **self._variables}
        self._process = Program(self._run, *given, environ=environ)
        self.starts += 1
        await self._wait_until_ready()

    async def found(self) -> None:
        """Make the register before its first start."""
        self._variables.setdefault(ADDRESS, await engines.find_address(self.data))
        await set_up(self.data)

    def say(self, **variables: str) -> None:
        """Serve with these variables from the next start on."""
        self._variables |= variables

    def install(self, run: Run) -> None:
        """Serve with another version from the next start on."""
        self._run = run

    async def kill(self) -> None:
        """SIGKILL: nothing of the process goes on, whatever it was doing."""
        self.running.send_signal(signal.SIGKILL)
        await asyncio.to_thread(self.running.wait)

    def freeze(self) -> None:
        """SIGSTOP: it holds every connection and answers none."""
        self.running.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self.running.send_signal(signal.SIGCONT)

    async def stop(self) -> tuple[int, float]:
        """SIGTERM; return the exit code and how many seconds the end took."""
        began = time.monotonic()
        self.running.send_signal(signal.SIGTERM)
        return await asyncio.to_thread(self.running.wait), time.monotonic() - began

    async def _wait_until_ready(self) -> None:
        asking = httpx.AsyncClient(base_url=self.url, transport=open_way())
        async with asking as http, asyncio.timeout(START_SECONDS_MAX):
            while not await _is_ready(http):
                assert self.running.poll() is None, self.running.read("stderr")
                await asyncio.sleep(_POLL_SECONDS)


async def set_up(data: Path) -> None:
    """Record who answers for the register, without which it collects nothing."""
    operator = Operator(
        operator="TEST DATA operator",
        contact="TEST DATA contact",
        legal_basis="TEST DATA basis",
        recorded_at=write_instant(now_ms()),
    )
    settings = await engines.settings_for(data)
    async with open_register(settings) as register, register.engine.writing() as tx:
        await record(tx, register.log, operator, now_ms())


async def _is_ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).is_success
    except httpx.TransportError:
        return False


@asynccontextmanager
async def killing(server: ServerProcess, every_seconds: float) -> AsyncGenerator[None]:
    """Kill the register again and again until the block ends; it is up when it does."""
    is_over = asyncio.Event()

    async def kill_again() -> None:
        while not is_over.is_set():
            try:
                async with asyncio.timeout(every_seconds):
                    await is_over.wait()
            except TimeoutError:
                await server.kill()
                await server.start()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(kill_again())
        try:
            yield
        finally:
            is_over.set()
