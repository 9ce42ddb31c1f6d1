"""Runs the servers of one process: the register, its administration, and its figures if wanted."""

import asyncio
import os
import resource
import signal
import socket
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import uvicorn
from litestar import Litestar

from api.administration.app import create_administration
from api.app import create_app
from api.commands.sockets import socket_path
from api.commands.wire import ProxiedHttp, StrictHttp
from api.limits import GRACE_SECONDS
from api.metrics.app import create_metrics
from api.register import Register

CONNECTIONS_MAX: Final = 4_000
FILES_MAX: Final = 16_384
#: For the database, threads, keys, printing and the operator.
FILES_KEPT: Final = 256
_PRIVATE_MASK: Final = 0o177
#: How whatever stands beside the public application is served.
_ASIDE: Final[dict[str, Any]] = {"lifespan": "off", "http": StrictHttp}
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Server(uvicorn.Server):
    """A server that leaves signals to the process and ends its long polls before waiting."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        """Call `started` when it listens and `stopping` before it ends."""
        super().__init__(config)
        self._on_started = started
        self._on_stopping = stopping

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to `serve_all`."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Release who waits, then end."""
        self._on_stopping()
        await super().shutdown(sockets)


class Listeners(NamedTuple):
    """Where the register is reached, and where Prometheus fetches its figures, if anywhere."""

    public: socket.socket
    figures: socket.socket | None = None


async def serve_all(register: Register, listeners: Listeners, said: str) -> None:
    """Serve until SIGINT or SIGTERM; says `said` on the terminal once the register listens.

    Where others may open the data too, the operator's commands do: there is no server for them.
    """
    stop = register.arrivals.stop
    served = [(Server(_public(register), partial(print, said, flush=True), stop), listeners.public)]
    if listeners.figures is not None:
        served.append((_aside(create_metrics(register)), listeners.figures))
    with ExitStack() as opened:
        if not register.engine.is_shared:
            own = opened.enter_context(_private_listener(socket_path(register.settings)))
            served.append((_aside(create_administration(register)), own))
        await _serve_each(served)


def _aside(app: Litestar) -> Server:
    """Return a server beside the public one."""
    return Server(_configure(app, **_ASIDE), _nothing, _nothing)


async def _serve_each(served: Sequence[tuple[Server, socket.socket]]) -> None:
    with _ending_on_signals([server for server, _ in served]):
        async with asyncio.TaskGroup() as tasks:
            for server, listener in served:
                tasks.create_task(server.serve([listener]))


def _nothing() -> None:
    """Have nothing to say or to release."""


def _public(register: Register) -> uvicorn.Config:
    settings = register.settings
    app = create_app(settings, opening=lambda: nullcontext(register))
    return _configure(
        app,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
        http=ProxiedHttp if settings.is_behind_proxy else StrictHttp,
        limit_concurrency=count_connections(),
    )


def _configure(app: Litestar, **differing: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # api/proxy.py reads them, and from the nearest proxy only
        timeout_graceful_shutdown=GRACE_SECONDS,
        **differing,
    )


def count_connections() -> int:
    """Return how many connections the machine's limit of open files leaves room for, raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, FILES_MAX)
    if soft != resource.RLIM_INFINITY and soft < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return min(CONNECTIONS_MAX, max(files - FILES_KEPT, files // 2))


@contextmanager
def _private_listener(path: Path) -> Generator[socket.socket]:
    """Listen where only the operator's own user may connect; replaces what a crash left."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        mask = os.umask(_PRIVATE_MASK)
        try:
            listener.bind(str(path))
        finally:
            os.umask(mask)
        yield listener
    path.unlink(missing_ok=True)


@contextmanager
def _ending_on_signals(servers: Sequence[Server]) -> Generator[None]:
    """End the servers in order on the first signal, at once on the second."""
    loop = asyncio.get_running_loop()

    def end() -> None:
        for server in servers:
            server.force_exit = server.should_exit
            server.should_exit = True

    for number in _SIGNALS:
        loop.add_signal_handler(number, end)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
