"""Chromium for the tests of the app, and a server of files for it that knows no register."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, async_playwright

CHROMIUM: Final = "/usr/bin/chromium"
# Chromium without windows: it starts in a third of the time, and has no Background Sync, as other
# makers' browsers have none.
CHROMIUM_SHELL: Final = "/usr/bin/chromium-headless-shell"
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# For what comes by itself: long, because other tests may burn the same processors.
PATIENCE_MS: Final = 60_000
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}

# Waits until the page is in the hands of the service worker.
CONTROLLED: Final = """async () => {
    const { serviceWorker } = navigator;
    const taken = new Promise((done) => serviceWorker.addEventListener("controllerchange", done));
    await serviceWorker.ready;
    if (!serviceWorker.controller) await taken;
}"""

Find = Callable[[str], Path | None]


@asynccontextmanager
async def open_browser(*more: str) -> AsyncIterator[Browser]:
    """Chromium, with `more` arguments for what a test needs besides."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=[*ARGUMENTS, *more]
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def serve(find: Find, asked: list[str]) -> AsyncIterator[str]:
    """Serve what `find` gives for a path, on a free port; `asked` collects `GET /path`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Chromium opens connections that it does not use, and drops others halfway.
        with closing(writer), suppress(asyncio.IncompleteReadError, ConnectionError):
            request = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = request.split(b"\r\n", 1)[0].decode().split(" ", 2)
            asked.append(f"{method} {target}")
            file = find(target.split("?", 1)[0]) if method == "GET" else None
            writer.write(_respond(file))
            await writer.drain()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"


def _respond(file: Path | None) -> bytes:
    status, content, kind = "404 Not Found", b"", "text/plain"
    if file is not None and file.is_file():
        status, content, kind = "200 OK", file.read_bytes(), TYPES[file.suffix]
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
    return f"{head}Cache-Control: no-cache\r\nConnection: close\r\n\r\n".encode() + content
