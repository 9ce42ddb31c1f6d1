"""The calls of the protocol over HTTP; it keeps nothing but a token, and decides nothing."""

import gzip
import time
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Final, Self, TypeVar
from uuid import UUID

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from sync.document import uuid7
from sync.instants import read_instant
from sync.messages import (
    Arrival,
    Info,
    Problem,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushResult,
    Registered,
    Token,
)
from sync.sign_in import Grant, ServerClock, make_assertion, make_form

T = TypeVar("T")
_PUSH_SECONDS: Final = 30
_ANSWER_SECONDS: Final = 10
_DIGITS_MAX: Final = 9
_UNAUTHORIZED: Final = 401
_NOT_FOUND: Final = 404
_CONFLICT: Final = 409
_PHOTOS: Final = "/v1/blobs"
_PART: Final = {"Content-Type": "application/offset+octet-stream"}
_JSON: Final = {"Content-Type": "application/json"}


class RequestFailed(Exception):
    """A whole request that was refused, or never answered (`status` None)."""

    def __init__(
        self,
        status: int | None,
        code: str | None = None,
        *,
        retry_after_seconds: int | None = None,
        moved_to: str | None = None,
    ) -> None:
        """Keep what the device's states need."""
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after_seconds = retry_after_seconds
        self.moved_to = moved_to


class _Receipt(Struct, frozen=True):
    receipt: str


class _Head(Struct, frozen=True):
    head: str


def count_ms() -> int:
    """Return a clock that only ever goes forward, in milliseconds from anywhere."""
    return time.monotonic_ns() // 1_000_000


class Client:
    """One device's way to its register; use it as a context manager."""

    def __init__(
        self,
        base_url: str,
        key: ec.EllipticCurvePrivateKey,
        grant: Grant = "phone",
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic_ms: Callable[[], int] = count_ms,
    ) -> None:
        """Take the register's base URL, the device's key, and how it signs in."""
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._grant: Grant = grant
        self._monotonic_ms = monotonic_ms
        self._token: str | None = None
        self._http = httpx.AsyncClient(
            base_url=self._base_url, transport=transport, timeout=_PUSH_SECONDS
        )

    async def __aenter__(self) -> Self:
        """Open the connections."""
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        await self._http.aclose()

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a token; the register may refuse it all the same."""
        return self._token is not None

    async def read_info(self) -> Info:
        """Return what the register says of itself; it needs no token."""
        return await self._call("GET", "/v1/sync/info", Info)

    async def register(self, item: bytes) -> Registered:
        """Register the key with its document of kind account: the same answer every time."""
        body = b'{"registration":' + item + b"}"
        return await self._call("POST", "/v1/devices", Registered, content=body, headers=_JSON)

    async def sign_in(self) -> Info:
        """Get a token, with a fresh nonce and the server's own time; return the info it used."""
        asked_ms = self._monotonic_ms()
        info = await self.read_info()
        clock = ServerClock(read_instant(info.server_time), asked_ms)
        assertion = make_assertion(
            self._key,
            self._base_url,
            info.nonce,
            server_ms=clock.read(self._monotonic_ms()),
            jti=uuid7(clock.server_ms),
        )
        form = make_form(self._grant, assertion)
        token = await self._call("POST", "/oauth/token", Token, data=form)
        self._token = token.access_token
        return info

    async def push(self, items: Sequence[bytes]) -> tuple[PushResult, ...]:
        """Send items [S3]; one result each, in order."""
        content = gzip.compress(b'{"items":[' + b",".join(items) + b"]}", compresslevel=6)
        headers = {**_JSON, **self._bearer(), "Content-Encoding": "gzip"}
        answer = await self._call(
            "POST", "/v1/sync/push", PushAnswer, content=content, headers=headers
        )
        return tuple(answer.results)

    async def pull(self, request: PullRequest) -> PullAnswer:
        """Ask for changes [P1]; waits up to `request.wait` seconds for one."""
        return await self._call(
            "POST",
            "/v1/sync/pull",
            PullAnswer,
            content=msgspec.json.encode(request),
            headers={**_JSON, **self._bearer()},
            timeout=request.wait + _ANSWER_SECONDS,
        )

    async def read_receipt(self, id: UUID) -> str:
        """Return a document's receipt as the register stored it."""
        found = await self._call("GET", f"/v1/receipts/{id}", _Receipt, headers=self._bearer())
        return found.receipt

    async def read_head(self, log: str) -> str:
        """Return the signed head of a log; it needs no token."""
        return (await self._call("GET", f"/v1/logs/{log}/head", _Head)).head

    async def measure_photo(self, name: str) -> Arrival:
        """Return how much the register has of a photo that this account sends [F1]."""
        response = await self._ask("HEAD", f"{_PHOTOS}/{name}", headers=self._bearer())
        return Arrival(0) if response.status_code == _NOT_FOUND else _read_arrival(response)

    async def send_part(self, name: str, data: bytes, offset: int, length: int) -> Arrival:
        """Send a part of a photo of this length; return how much there is now [F1].

        That is also the answer to a part that begins elsewhere, of which nothing is taken.
        """
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(length)}
        response = await self._ask(
            "PATCH",
            f"{_PHOTOS}/{name}",
            content=data,
            headers={**_PART, **headers, **self._bearer()},
        )
        return _read_arrival(response)

    async def read_photo(self, name: str) -> bytes:
        """Return a photo as the register drew it anew: an own one, or of premises in the scope."""
        response = await self._ask("GET", f"{_PHOTOS}/{name}", headers=self._bearer())
        if not response.is_success:
            raise _read_failure(response)
        return response.content

    def _bearer(self) -> dict[str, str]:
        return {} if self._token is None else {"Authorization": f"Bearer {self._token}"}

    async def _call(self, method: str, path: str, answer: type[T], **request: Any) -> T:
        response = await self._ask(method, path, **request)
        if response.is_success:
            return _read(response, answer)
        raise _read_failure(response)

    async def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            response = await self._http.request(method, path, **request)
        except httpx.HTTPError as error:
            raise RequestFailed(None) from error
        if response.status_code == _UNAUTHORIZED:
            self._token = None
        return response


def _read(response: httpx.Response, answer: type[T]) -> T:
    try:
        return msgspec.json.decode(response.content, type=answer)
    except ValueError as error:
        # Something on the way answered in the register's place, as the page of a Wi-Fi does.
        raise RequestFailed(None, "answer.unreadable") from error


def _read_arrival(response: httpx.Response) -> Arrival:
    if not response.is_success and response.status_code != _CONFLICT:
        raise _read_failure(response)
    offset = response.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdecimal() and len(offset) <= _DIGITS_MAX):
        raise RequestFailed(None, "answer.unreadable")
    return Arrival(int(offset), is_complete="Upload-Complete" in response.headers)


def _read_failure(response: httpx.Response) -> RequestFailed:
    try:
        problem = msgspec.json.decode(response.content, type=Problem)
    except ValueError:
        problem = None
    return RequestFailed(
        response.status_code,
        problem.code if problem else None,
        retry_after_seconds=_read_wait(response.headers),
        moved_to=problem.details.get("base_url") if problem else None,
    )


def _read_wait(headers: httpx.Headers) -> int | None:
    """Return the seconds of a Retry-After; a date counts from the answer's own."""
    text = headers.get("Retry-After", "")
    if text.isascii() and text.isdecimal():
        return int(text[:_DIGITS_MAX])
    until, now_s = _read_date(text), _read_date(headers.get("Date", ""))
    if until is None:
        return None
    return max(0, round(until - (time.time() if now_s is None else now_s)))


def _read_date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
