"""The way from a command to the register: its socket while a server runs, else the data themselves.

Both speak to the same application, so that a command does the same in both cases.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final, TypeVar

import httpx
import msgspec

from api.administration.app import create_administration
from api.commands.opening import check_exists, open_data
from api.commands.outcomes import LATER, REFUSED, Stopped
from api.commands.sockets import socket_path
from api.database.engine import AlreadyServed
from api.settings import Settings
from sync.messages import Problem

T = TypeVar("T")
_BASE_URL: Final = "http://register"
_SECONDS_MAX: Final = 600


class Administration:
    """The operator's calls."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        """Take the way to the application."""
        self._http = http

    async def ask(
        self, method: str, path: str, answer: type[T], body: object = None, **parameters: str
    ) -> T:
        """Return what a call answers; raises Refused with the reason of a refusal."""
        content = b"" if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"} if content else {}
        try:
            response = await self._http.request(
                method, path, content=content, headers=headers, params=parameters
            )
        except httpx.HTTPError as error:
            why = "another process holds the data and does not answer; try again"
            raise Stopped(why, LATER) from error
        if not response.is_success:
            raise _read_refusal(response)
        return msgspec.json.decode(response.content, type=answer)


class Refused(Stopped):
    """What the register refused, with the stable code of why."""

    def __init__(self, why: str, exit_code: int, code: str) -> None:
        """Keep the code beside the line."""
        super().__init__(why, exit_code)
        self.code = code


def _read_refusal(response: httpx.Response) -> Refused:
    problem = msgspec.json.decode(response.content, type=Problem)
    where = ", ".join(f"{error.pointer} {error.code}" for error in problem.errors)
    said = f"{problem.code}: {problem.title}" + (f" ({where})" if where else "")
    said += tell_wait(response)
    return Refused(said, LATER if problem.retryable else REFUSED, problem.code)


def tell_wait(response: httpx.Response) -> str:
    """Say after how long a script may try again: commands themselves never do."""
    seconds = response.headers.get("retry-after")
    return "" if seconds is None else f"; not before {seconds} s"


@asynccontextmanager
async def administer(settings: Settings) -> AsyncGenerator[Administration]:
    """Reach the register in `settings.data_dir`, whether or not a server runs."""
    check_exists(settings)
    async with AsyncExitStack() as stack:
        try:
            register = await stack.enter_async_context(open_data(settings))
            app: Any = create_administration(register)
            transport: httpx.AsyncBaseTransport = httpx.ASGITransport(app)
        except AlreadyServed:
            transport = httpx.AsyncHTTPTransport(uds=str(socket_path(settings)))
        http = httpx.AsyncClient(transport=transport, base_url=_BASE_URL, timeout=_SECONDS_MAX)
        yield Administration(await stack.enter_async_context(http))


def call(settings: Settings, work: Callable[[Administration], Awaitable[T]]) -> T:
    """Run one command's conversation with the register."""

    async def converse() -> T:
        async with administer(settings) as administration:
            return await work(administration)

    return asyncio.run(converse())


def show(rows: list[list[Any]]) -> str:
    """Return rows as columns of text, the last one ragged."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(len(row[n]) for row in texts) for n in range(len(texts[0]))] if texts else []
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in texts
    )
    return "\n".join(line.rstrip() for line in lines)
