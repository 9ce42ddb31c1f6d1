"""What every answer leaves with: headers that keep browsers in bounds, and 304 for the unchanged.

Outside the handlers, so that refusals and files get the same.
"""

import hashlib
from typing import Final, TypeVar, cast
from uuid import UUID

import msgspec
from litestar import Response
from litestar.status_codes import HTTP_200_OK, HTTP_304_NOT_MODIFIED
from litestar.types import ASGIApp, Message, Receive, Scope, Send

T = TypeVar("T")
_DIGEST_BYTES: Final = 9
_STRICT: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
_HTTPS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")
_OF_A_BODY: Final = frozenset({b"content-length", b"content-type", b"content-encoding"})

Headers = list[tuple[bytes, bytes]]


def digest_of(data: bytes) -> str:
    """Return a short name for bytes, to compare answers by."""
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).hexdigest()


def etag_of(content: object, revision: UUID | None = None) -> str:
    """Return the ETag of an answer: weak, or strong `"<revision>.<digest>"` for one entity.

    The revision alone would not do: a verdict changes what is shown and leaves the revision.
    """
    return _tag_of(msgspec.json.encode(content), revision)


def _tag_of(data: bytes, revision: UUID | None) -> str:
    digest = digest_of(data)
    return f'W/"{digest}"' if revision is None else f'"{revision}.{digest}"'


def tag(content: T, revision: UUID | None = None) -> Response[T]:
    """Return an answer with its ETag, written as JSON once for both."""
    data = msgspec.json.encode(content)
    written = cast("T", msgspec.Raw(data))
    return Response(written, headers={"ETag": _tag_of(data, revision)})


class Answers:
    """Completes the headers of every answer, and leaves the body out when the caller has it."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; anything but HTTP passes unchanged."""
        if scope["type"] == "http":
            send = _Completing(send, scope["method"], scope["scheme"], dict(scope["headers"]))
        await self._app(scope, receive, send)


class _Completing:
    """Sends the messages of one answer."""

    def __init__(self, send: Send, method: str, scheme: str, asked: dict[bytes, bytes]) -> None:
        self._send = send
        self._is_https = scheme == "https"
        self._known = asked.get(b"if-none-match", b"") if method in ("GET", "HEAD") else b""
        self._is_known = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = self._complete(list(message["headers"]))
            self._is_known = message["status"] == HTTP_200_OK and self._has(headers)
            if self._is_known:
                headers = [one for one in headers if one[0] not in _OF_A_BODY]
                message = {**message, "status": HTTP_304_NOT_MODIFIED}
            await self._send({**message, "headers": headers})
        elif not self._is_known:
            await self._send(message)
        elif message["type"] == "http.response.body" and not message.get("more_body"):
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    def _complete(self, given: Headers) -> Headers:
        headers = [(name.lower(), value) for name, value in given]
        names = {name for name, _ in headers}
        more = (*_STRICT, _HTTPS_ONLY) if self._is_https else _STRICT
        return [*headers, *(header for header in more if header[0] not in names)]

    def _has(self, headers: Headers) -> bool:
        """Compare weakly, as RFC 9110 section 13.1.2 asks for GET."""
        etag = dict(headers).get(b"etag")
        if etag is None or not self._known:
            return False
        known = [one.strip().removeprefix(b"W/") for one in self._known.split(b",")]
        return b"*" in known or etag.removeprefix(b"W/") in known
