"""The way between a device and the real register: HTTP in memory, where a test loses things."""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec

from api.app import furnish, open_register
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.register import Register
from api.settings import Settings
from sync.client import Client
from sync.document import read_document
from sync.exchange import Exchange
from sync.keys import public_jwk
from sync.outbox import Outbox, create_outbox, open_outbox
from sync.sign_in import Grant
from tests.lifespan import lent

LOG = "psh-p-preah-sihanouk"
PLACE = "psh-c-sangkat-4"
URL = "http://register.example"
PassOn = Callable[[httpx.Request], Awaitable[httpx.Response]]
Fate = Callable[[httpx.Request, PassOn], Awaitable[httpx.Response]]


class Way(httpx.AsyncBaseTransport):
    """Passes requests on, or does with them what the next fate for their path says."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.fates: deque[tuple[str, Fate]] = deque()
        self.passed: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.passed.append(request.url.path)
        if self.fates and request.url.path.endswith(self.fates[0][0]):
            return await self.fates.popleft()[1](request, self.inner.handle_async_request)
        return await self.inner.handle_async_request(request)

    def then(self, path: str, fate: Fate) -> None:
        """Let the next request to a path meet this fate."""
        self.fates.append((path, fate))


async def lose_request(request: httpx.Request, pass_on: PassOn) -> httpx.Response:
    del pass_on
    raise httpx.ConnectError("lost on the way there", request=request)


async def lose_answer(request: httpx.Request, pass_on: PassOn) -> httpx.Response:
    await (await pass_on(request)).aread()
    raise httpx.ReadError("lost on the way back", request=request)


async def send_twice(request: httpx.Request, pass_on: PassOn) -> httpx.Response:
    await (await pass_on(request)).aread()
    return await pass_on(request)


def answer(status: int, content: bytes = b"", **headers: str) -> Fate:
    async def fate(request: httpx.Request, pass_on: PassOn) -> httpx.Response:
        del request, pass_on
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(status, content=content, headers=named)

    return fate


def change(edit: Callable[[dict[str, Any]], None]) -> Fate:
    """Let the register answer, then change what it said."""

    async def fate(request: httpx.Request, pass_on: PassOn) -> httpx.Response:
        response = await pass_on(request)
        said = msgspec.json.decode(await response.aread())
        edit(said)
        return httpx.Response(response.status_code, content=msgspec.json.encode(said))

    return fate


class Clock:
    """A clock that a test sets, in milliseconds since 1970."""

    def __init__(self, ms: int) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms


@asynccontextmanager
async def serving(folder: Path, clock: Clock) -> AsyncGenerator[tuple[Register, Way]]:
    """Serve a real register from a folder."""
    settings = Settings(data_dir=folder, base_url=URL, is_demo=True)
    async with open_register(settings, clock) as register:
        with lent(lambda: nullcontext(register)) as app:
            furnish(app, register)
            yield register, Way(httpx.ASGITransport(cast("Any", app)))


class Phone:
    """A device with a real outbox and client, whose delays are as long as chance allows."""

    def __init__(self, outbox: Outbox, client: Client, clock: Clock) -> None:
        self.outbox = outbox
        self.client = client
        self.exchange = Exchange(outbox, client, clock_ms=clock, chance=lambda: 0.5)

    async def run(self, times: int = 1) -> bool:
        return all([await self.exchange.run_once() for _ in range(times)])

    def states(self) -> list[str]:
        return [row.state for row in self.outbox.replica.rows.values()]

    async def compose(self, kind: str, body: dict[str, Any], **fields: Any) -> Any:
        return await self.outbox.compose({"kind": kind, "place": PLACE, "body": body, **fields})


@asynccontextmanager
async def phone(
    folder: Path, way: Way, clock: Clock, grant: Grant = "phone"
) -> AsyncGenerator[Phone]:
    """Open a phone of its own, or the same again, that has composed its registration."""
    path = folder / "outbox.sqlite"
    is_new = not path.exists()
    if is_new:
        await create_outbox(path, LOG)
    async with (
        open_outbox(path) as outbox,
        Client(URL, outbox.key, grant, transport=way) as client,
    ):
        if is_new:
            await register_offline(outbox)
        yield Phone(outbox, client, clock)


async def register_offline(outbox: Outbox, **fields: Any) -> None:
    """Compose the registration of an owner; the name is TEST DATA."""
    jwk = msgspec.to_builtins(public_jwk(outbox.key))
    body = {"jwk": jwk, "capacity": "owner", "language": "km", **fields}
    contact = {"name": "TEST DATA", "phone": "012000000"}
    await outbox.compose({"kind": "account", "place": LOG, "body": body}, {"contact": contact})


async def enrol_program(
    register: Register, outbox: Outbox, scopes: list[str], place: str = PLACE
) -> None:
    """Give an outbox's key the account of a program, as the operator does."""
    jwk = msgspec.to_builtins(public_jwk(outbox.key))
    body = {"jwk": jwk, "capacity": "client", "language": "en"}
    account = register.composer.compose(
        "account", body, disclosed={"contact": {"name": "TEST DATA", "phone": ""}}
    )
    account_id = read_document(account).id
    granted = {"account_id": str(account_id), "role": "client", "places": [place], "scopes": scopes}
    grant = register.composer.compose("grant", granted, after=[account_id])
    items = [account, grant]
    sent = [Sent(register.folder.prepare(read_document(item)), Pusher(None)) for item in items]
    await register.committer.submit(sent)
