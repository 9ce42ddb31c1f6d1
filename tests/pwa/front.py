"""The app and a real register behind one address, as a browser meets them; it can be down."""

import asyncio
import gzip
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import uvicorn
from litestar import Litestar

from api.app import create_app
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.register import Register
from api.settings import Settings
from sync.document import read_document
from tests.pwa.browser import TYPES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


PORTAL: Final = "<!doctype html><title>TEST DATA portal</title><p>Log in first"


class Front:
    """Serves the shell from `folder` and passes everything else to the register."""

    def __init__(self, site: Litestar, folder: Path, scripts: Path) -> None:
        self.site = site
        self.register = cast("App", site)
        self.folder = folder
        self.scripts = scripts
        self.base_url = ""
        self.is_down = False
        self.is_portal = False
        self.pushed: list[list[str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if scope["type"] != "http":
            await self.register(scope, receive, send)
        elif path.startswith(("/app/", "/scripts/")) and path != "/app/register.json":
            await self._send_file(path, send)
        elif self.is_down:
            await respond(send, "{}", ".json", status=503)
        else:
            await self.register(scope, self._note_pushes(path, receive), send)

    async def verify(self, account_id: str) -> None:
        """Let the register say that an officer has compared the code of this account."""
        register: Register = self.site.state.register
        body = {"account_id": account_id}
        item = register.composer.compose("verification", body, after=[UUID(account_id)])
        sent = Sent(register.folder.prepare(read_document(item)), Pusher(None))
        await register.committer.submit([sent])

    async def _send_file(self, path: str, send: Send) -> None:
        _, root, name = path.split("/", 2)
        file = (self.scripts if root == "scripts" else self.folder) / name
        found = file if file.is_file() else self.folder / "index.html"
        if self.is_portal and found.name == "index.html":
            await respond(send, PORTAL, ".html")
            return
        await respond(send, found.read_bytes(), found.suffix)

    def _note_pushes(self, path: str, receive: Receive) -> Receive:
        if path != "/v1/sync/push":
            return receive
        body = bytearray()

        async def note() -> MutableMapping[str, Any]:
            message = await receive()
            body.extend(message.get("body", b""))
            if message["type"] == "http.request" and not message.get("more_body"):
                self.pushed.append(list_ids(bytes(body)))
            return message

        return note


def list_ids(body: bytes) -> list[str]:
    content = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    return [json.loads(item["payload"])["id"] for item in json.loads(content)["items"]]


async def respond(send: Send, content: str | bytes, suffix: str, status: int = 200) -> None:
    body = content.encode() if isinstance(content, str) else content
    headers = [(b"content-type", TYPES[suffix].encode()), (b"cache-control", b"no-cache")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """Says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serving.set()


@asynccontextmanager
async def open_front(data: Path, folder: Path, scripts: Path) -> AsyncIterator[Front]:
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    register = create_app(Settings(data_dir=data, base_url=url, is_demo=True))
    front = Front(register, folder, scripts)
    front.base_url = url
    server = _Server(uvicorn.Config(front, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve([listening]))
    await server.serving.wait()
    try:
        yield front
    finally:
        server.should_exit = True
        await serving
