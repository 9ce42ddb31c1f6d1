"""Turns failures into `application/problem+json`: a code, pointers, no value of the caller's."""

import logging
import re
import secrets
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.status_codes import HTTP_401_UNAUTHORIZED, HTTP_500_INTERNAL_SERVER_ERROR
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Send

from api import limits
from api.problems import (
    FULL_DISK,
    Malformed,
    MethodRefused,
    NotFound,
    OffsetDiffers,
    Overloaded,
    Refusal,
    StorageFull,
)
from sync.document import uuid7
from sync.messages import FieldError, Problem

REQUEST_ID: Final = "X-Request-Id"
MEDIA_TYPE: Final = "application/problem+json"
#: Where a request's state says by which code it was refused.
PROBLEM: Final = "problem"
_STEPS: Final = 1_000
_WITHDRAWN: Final = {
    "declarations": "POST /v1/declarations/{declaration_id}/withdrawal",
    "pledges": "POST /v1/sync/push",
    "premises": "POST /v1/premises/{premises_id}/withdrawal",
    "stays": "POST /v1/stays/{stay_id}/withdrawal",
}
_MISSING: Final = re.compile("missing required field `([^`]+)`")
_ENTRY: Final = re.compile(f"/v1/({'|'.join(_WITHDRAWN)})/[^/]+/?")
logger: Final = logging.getLogger("sangkat")


class _Found(msgspec.Struct):
    """What Litestar says of a parameter, or of a field of the body."""

    message: str
    key: str = ""
    source: str = "body"

    def locate(self) -> FieldError:
        """Return the pointer and what is missing or wrong there."""
        missing = _MISSING.search(self.message)
        # The framework writes `have[0].id`.
        steps = [step for step in re.split(r"[].[]+", self.key) if step and step != "data"]
        if self.source != "body":
            return FieldError(f"/{self.source}/{self.key}", "field.value")
        if missing is not None:
            return FieldError("/" + "/".join([*steps, missing.group(1)]), "field.required")
        return FieldError("".join(f"/{step}" for step in steps), "field.value")


class Defect(Refusal):
    """The server failed; the id stands in its log."""


def new_request_id() -> str:
    """Return what a request and every problem in its answer are called."""
    return str(uuid7())


def describe(refusal: Refusal, request_id: str) -> Problem:
    """Return the problem of a refusal as it is sent."""
    return Problem(
        type=f"urn:sangkat:problem:{refusal.code}",
        title=refusal.title,
        status=refusal.status,
        code=refusal.code,
        errors=refusal.errors,
        request_id=request_id,
        retryable=refusal.retryable,
        details=refusal.details,
    )


def jitter(seconds: int) -> int:
    """Return how long to wait: at least so long, at most half as long again.

    What is within the patience of the protocol's clients stays there and is spread as widely, which
    may be too early: who comes before the end is refused once more, and told the rest.
    """
    patience = limits.RETRY_SECONDS_MAX
    least = min(seconds, round(patience / (1 + limits.JITTER))) if seconds <= patience else seconds
    return max(1, round(least * (1 + limits.JITTER * secrets.randbelow(_STEPS + 1) / _STEPS)))


def render(refusal: Refusal) -> Response[bytes]:
    """Return the answer for a refusal, with a jittered Retry-After where it may be tried again."""
    request_id = new_request_id()
    headers = {REQUEST_ID: request_id, "Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(jitter(refusal.retry_after))
    if refusal.status == HTTP_401_UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, MethodRefused):
        headers["Allow"] = refusal.allow
    if isinstance(refusal, OffsetDiffers):
        headers["Upload-Offset"] = str(refusal.offset)
    body = msgspec.json.encode(describe(refusal, request_id))
    return Response(body, status_code=refusal.status, media_type=MEDIA_TYPE, headers=headers)


def render_refusal(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    """Litestar's handler for refusals."""
    return _answer(request, refusal)


def _answer(request: Request[Any, Any, Any], refusal: Refusal) -> Response[bytes]:
    request.scope["state"][PROBLEM] = refusal.code
    return render(refusal)


def render_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's handler for what the framework itself refuses."""
    match error:
        case MethodNotAllowedException(headers=headers):
            allowed, instead = (headers or {}).get("allow", ""), _find_instead(request)
            return _answer(request, MethodRefused(allowed, details=instead))
        case NotFoundException():
            return _answer(request, NotFound())
        case ValidationException(extra=extra):
            return _answer(request, Malformed(errors=_locate(extra)))
        case HTTPException(status_code=status) if status < HTTP_500_INTERNAL_SERVER_ERROR:
            return _answer(request, Malformed())
        case _:
            return _answer(request, Overloaded())


def _locate(extra: object) -> tuple[FieldError, ...]:
    """Return where a parameter or body is wrong, from what Litestar found; never what stood there.

    Parameters are `/query/limit`, `/header/If-Match`; a body's fields are pointed at as they are.
    """
    try:
        found = msgspec.json.decode(msgspec.json.encode(extra), type=list[_Found])
    except (TypeError, msgspec.MsgspecError, UnicodeEncodeError):
        return ()
    return tuple(one.locate() for one in found)


def _find_instead(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return what to do instead of deleting an entry: nothing is deleted, it is withdrawn."""
    entry = _ENTRY.fullmatch(request.scope["path"])
    if entry is None or request.method != "DELETE":
        return {}
    return {"withdrawal": _WITHDRAWN[entry.group(1)]}


def render_defect(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's handler for defects: logged with an id, nothing said outside."""
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return _answer(request, StorageFull())
    answer = _answer(request, Defect())
    route = (
        request.scope["route_handler"].opt.get("operation")
        if "route_handler" in request.scope
        else None
    )
    where = {"request_id": answer.headers[REQUEST_ID], "operation": route}
    logger.error("defect", exc_info=error, extra=where)
    return answer


async def send_problem(scope: HTTPScope, send: Send, refusal: Refusal) -> None:
    """Answer a refusal from outside the application."""
    scope["state"][PROBLEM] = refusal.code
    answer = render(refusal)
    headers = [(name.encode(), value.encode()) for name, value in answer.headers.items()]
    start: HTTPResponseStartEvent = {
        "type": "http.response.start",
        "status": refusal.status,
        "headers": [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(answer.content)).encode()),
            *headers,
        ],
    }
    body: HTTPResponseBodyEvent = {
        "type": "http.response.body",
        "body": answer.content,
        "more_body": False,
    }
    await send(start)
    await send(body)
