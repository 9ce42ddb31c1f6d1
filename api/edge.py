"""What every request passes before any handler: origin, media type, size, sound JSON."""

from collections import Counter
from typing import Any, Final, NamedTuple
from uuid import UUID

from litestar import Request
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

from api.admission.rules import find_household
from api.admission.turns import Holding, Room, Turn
from api.problems import Malformed, MediaTypeRefused, NotAllowed, Refusal, TooLarge
from api.rendering import send_problem
from api.unpacking import check_sound, inflate, read_body
from sync.messages import PUSH_BYTES_MAX, FieldError

#: What a handler takes whose `opt` says `body_bytes_max`: a push, or a batch of plain writes.
LARGE_BODY_BYTES_MAX: Final = 2 * PUSH_BYTES_MAX
BODY_BYTES_MAX: Final = 256 * 1024
#: What anybody may send who has not signed in: a registration, an assertion, the set-up.
PUBLIC_BODY_BYTES_MAX: Final = 32 * 1024
_READING: Final = ("GET", "HEAD", "OPTIONS")
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
#: The one kind of body that is no text: it is neither read as JSON nor inflated.
PART_OF_A_PHOTO: Final = "application/offset+octet-stream"
_FORM_PATHS: Final = ("/oauth/token", "/setup")
_PUSH_ENDING: Final = "/push"
_ONCE: Final = ("authorization", "content-type", "host", "idempotency-key", "if-match", "origin")


class Edge:
    """Reads a body once, refuses what is not of the documented form, and hands the rest on.

    Whoever has to sign in has done so before: `sessions` stands in front.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request; anything but HTTP passes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        room: Room = scope["litestar_app"].state.room
        turn: Turn = scope["state"]["turn"]
        with room.shared(_holder_of(scope)) as holding:
            try:
                # A phone with little signal takes a minute to send.
                with turn.resting():
                    body = await _receive(scope, receive, holding)
            except Refusal as refusal:
                await send_problem(scope, send, refusal)
                return
            await self._pass_on(scope, body, receive, send)

    async def _pass_on(
        self, scope: HTTPScope, body: "_Body | None", receive: Receive, send: Send
    ) -> None:
        """Open a body that came, and hand it to the application."""
        if body is None:
            await self._app(scope, receive, send)
            return
        try:
            opened = await _open(scope, body)
        except Refusal as refusal:
            await send_problem(scope, send, refusal)
            return
        _describe(scope, opened)
        await self._app(scope, _Replay(opened, receive), send)


class _Body(NamedTuple):
    """A body as it came."""

    headers: dict[str, bytes]
    data: bytes
    holding: Holding


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


def turn_of(request: Request[Any, Any, Any]) -> Turn:
    """Return the place that a request holds."""
    turn: Turn = request.scope["state"]["turn"]
    return turn


async def _receive(scope: HTTPScope, receive: Receive, holding: Holding) -> _Body | None:
    """Return a body as it came, unless its head alone refuses it; None for what only reads."""
    if scope["method"] in _READING:
        return None
    headers = {name.decode("latin-1").lower(): value for name, value in scope["headers"]}
    bytes_max = _limit(scope)
    _check_once(scope, headers)
    _check_origin(scope, headers)
    _check_length(headers, bytes_max)
    return _Body(headers, await read_body(receive, bytes_max, holding.grow), holding)


async def _open(scope: HTTPScope, body: _Body) -> bytes:
    """Return a body of the documented form; a push is read item by item, later.

    So that one item of a push refuses no other.
    """
    path, encoding = scope["path"], body.headers.get("content-encoding", b"")
    takes = _taken_by(scope)
    if encoding and takes == PART_OF_A_PHOTO:
        raise MediaTypeRefused
    opened = await inflate(body.data, encoding, _limit(scope))
    if encoding:
        body.holding.grow(len(opened))
    _check_media_type(takes, body.headers, opened)
    if takes == PART_OF_A_PHOTO:
        return opened
    if not path.endswith(_PUSH_ENDING):
        await check_sound(opened, is_json=path not in _FORM_PATHS)
    return opened


def _holder_of(scope: HTTPScope) -> UUID | str:
    """Return whose share of the memory a body takes: an account's, or a stranger's address's."""
    principal: Any = scope["state"].get("principal")
    if principal is not None:
        account_id: UUID = principal.account_id
        return account_id
    return find_household(scope["client"][0]) if scope["client"] else ""


def _limit(scope: HTTPScope) -> int:
    """Return how much a request may hold, by who sends it and for what."""
    if "principal" not in scope["state"]:
        return PUBLIC_BODY_BYTES_MAX
    handler: Any = scope["route_handler"]
    return handler.opt.get("body_bytes_max", BODY_BYTES_MAX)


def _check_once(scope: HTTPScope, headers: dict[str, bytes]) -> None:
    """Refuse a header that two readers could read apart."""
    names = [name for name, _ in scope["headers"]]
    if len(headers) == len(names):
        return
    counts = Counter(name.decode("latin-1").lower() for name in names)
    twice = [name for name in _ONCE if counts[name] > 1]
    if twice:
        raise Malformed(
            errors=tuple(FieldError(f"/header/{name}", "field.value") for name in twice)
        )


def _check_origin(scope: HTTPScope, headers: dict[str, bytes]) -> None:
    """Refuse what a page of another site makes a browser send; old ones say `Origin` alone."""
    if headers.get("sec-fetch-site", b"none") not in (b"none", b"same-origin"):
        raise NotAllowed
    if "origin" in headers and _site_of(headers["origin"].decode("latin-1")) not in {
        headers.get("host", b"").decode("latin-1").lower(),
        # A proxy may ask under a name of its own.
        _site_of(scope["litestar_app"].state.register.settings.base_url),
    }:
        raise NotAllowed


def _site_of(origin: str) -> str:
    return (origin.partition("//")[2] or origin).lower()


def _check_length(headers: dict[str, bytes], bytes_max: int) -> None:
    """Refuse what says itself that it is too large, before any of it is read."""
    length = headers.get("content-length", b"0")
    if length.isdigit() and int(length[:20]) > bytes_max:
        raise TooLarge


def _taken_by(scope: HTTPScope) -> str:
    """Return the media type that an operation takes; its handler's `opt` says any but the usual."""
    if scope["path"] in _FORM_PATHS:
        return _FORM
    handler: Any = scope["route_handler"]
    return handler.opt.get("takes", _JSON)


def _check_media_type(wanted: str, headers: dict[str, bytes], body: bytes) -> None:
    given = headers.get("content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
    if given != wanted and (body or given):
        raise MediaTypeRefused


def _describe(scope: HTTPScope, body: bytes) -> None:
    """Make the headers say what the body is now."""
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")
    ]
    scope["headers"] = [*kept, (b"content-length", str(len(body)).encode())]
