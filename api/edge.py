"""What every request passes before any handler: size, media type, inflating, sound JSON."""

import gzip
import io
import zlib
from typing import Final

from litestar.types import (
    ASGIApp,
    HTTPReceiveMessage,
    HTTPRequestEvent,
    HTTPScope,
    Receive,
    Scope,
    Send,
)
from litestar.types.asgi_types import WebSocketReceiveMessage

from api.problems import Malformed, MediaTypeRefused, NotAllowed, Refusal, TooLarge
from api.rendering import send_problem
from sync.document import Refused, check_json
from sync.messages import PUSH_BYTES_MAX

BODY_BYTES_MAX: Final = 2 * PUSH_BYTES_MAX
_DEPTH_MAX: Final = 32
_READING: Final = ("GET", "HEAD", "OPTIONS")
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_FORM_PATHS: Final = ("/oauth/token", "/setup")
_PUSH_ENDING: Final = "/push"


class Edge:
    """Reads a body once, refuses what is not of the documented form, and hands the rest on."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request; anything but HTTP passes."""
        if scope["type"] != "http" or scope["method"] in _READING:
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
        try:
            _check_origin(headers)
            body = _inflate(await _read(receive), headers.get("content-encoding", b""))
            _check_media_type(scope["path"], headers, body)
            _check_body(scope["path"], body)
        except Refusal as refusal:
            await send_problem(send, refusal)
            return
        _describe(scope, body)
        await self._app(scope, _Replay(body, receive), send)


class _Replay:
    """Gives a body that was read to the application, then listens for the client again."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> HTTPReceiveMessage | WebSocketReceiveMessage:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        message: HTTPRequestEvent = {"type": "http.request", "body": body, "more_body": False}
        return message


def _check_origin(headers: dict[str, bytes]) -> None:
    """Refuse what a page of another site makes a browser send."""
    if headers.get("sec-fetch-site", b"none") not in (b"none", b"same-origin"):
        raise NotAllowed


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Malformed
        parts.append(message["body"])
        size += len(message["body"])
        if size > BODY_BYTES_MAX:
            raise TooLarge
        if not message["more_body"]:
            return b"".join(parts)


def _inflate(body: bytes, encoding: bytes) -> bytes:
    if not encoding or encoding == b"identity":
        return body
    if encoding != b"gzip":
        raise MediaTypeRefused
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            inflated = file.read(BODY_BYTES_MAX + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Malformed from error
    if len(inflated) > BODY_BYTES_MAX:
        raise TooLarge
    return inflated


def _check_media_type(path: str, headers: dict[str, bytes], body: bytes) -> None:
    given = headers.get("content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    wanted = _FORM if path in _FORM_PATHS else _JSON
    if given != wanted and (body or given):
        raise MediaTypeRefused


def _check_body(path: str, body: bytes) -> None:
    """Refuse what is not sound; a push is read item by item, so that one refuses no other."""
    if path.endswith(_PUSH_ENDING):
        return
    try:
        text = body.decode()
        if body and path not in _FORM_PATHS:
            check_json(text, _DEPTH_MAX)
    except (UnicodeDecodeError, Refused) as error:
        raise Malformed from error


def _describe(scope: HTTPScope, body: bytes) -> None:
    """Make the headers say what the body is now."""
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")
    ]
    scope["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
