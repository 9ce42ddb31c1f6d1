"""Who is slow, or takes many lines, is ended; everybody else is served."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn

from api.commands.wire import StrictHttp
from tests.commands.served import run_with_few_files, served
from tests.commands.test_wire import read_answer
from tests.forking import SECONDS_MAX
from tests.world import World

_HALF = b"POST /v1/devices HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
_FILES = 600
_LINES = 700


class Hasty(StrictHttp):
    """As strict, and soon."""

    head_seconds = 0.3
    body_seconds = 0.3
    answer_seconds = 3


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    """Serve an application on a real socket; gives the port."""
    config = uvicorn.Config(app, http=Hasty, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(server.serve([listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await task


async def answer_to(port: int, *sent: bytes) -> bytes:
    """Send piece by piece, then wait for the other side to hang up; return what it said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in sent:
        writer.write(piece)
        await asyncio.sleep(0.05)
    async with asyncio.timeout(3):
        said = await reader.read()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return said


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ([], ""),
        ([b"GET /livez HTTP/1.1\r\nHost"], "request.timeout"),
        ([_HALF], "request.timeout"),
        ([_HALF.replace(b"/v1/devices", b"/v1/sync/pull"), b" ", b" "], "token.invalid"),
        ([b"\r\n", b"\r\n", b"\r\n"], "request.timeout"),
    ],
    ids=["nothing", "head", "body", "body after the answer", "empty lines"],
)
async def test_who_does_not_go_on_is_ended(world: World, sent: list[bytes], code: str):
    async with serving(world.app) as port:
        said = await answer_to(port, *sent)
    assert code in said.decode()
    assert bool(said) == bool(code)


async def test_who_keeps_the_line_is_served_again(world: World):
    async with serving(world.app) as port, httpx.AsyncClient() as http:
        for _ in range(3):
            assert (await http.get(f"http://127.0.0.1:{port}/livez")).status_code == 200
            await asyncio.sleep(0.4)


def test_one_address_does_not_take_all_lines(tmp_path: Path):
    with (
        served(tmp_path, "--demo", "tiny", run=partial(run_with_few_files, _FILES)) as running,
        ExitStack() as lines,
    ):
        at = urlsplit(running.url)
        for _ in range(_LINES):
            line = socket.create_connection((at.hostname, at.port), timeout=SECONDS_MAX)
            lines.enter_context(line)
            with suppress(ConnectionError):
                line.sendall(_HALF)
        other = httpx.HTTPTransport(local_address="127.0.0.2")
        with httpx.Client(transport=other, timeout=SECONDS_MAX) as http:
            assert http.get(f"{running.url}/readyz").status_code == 200
        with socket.create_connection((at.hostname, at.port), timeout=SECONDS_MAX) as line:
            refused, _, body = read_answer(line.makefile("rb"))
        assert (refused, json.loads(body)["code"]) == (503, "overload")
