"""Counts every request and, where the operator asks for it, logs one line for each.

Around everything else, so that what no route answers is counted too. Neither knows a path, a query,
an address or whose request it was: only which operation, by which role, and how it ended.
"""

import logging
from time import perf_counter
from typing import Any, Final

from litestar.datastructures import State
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from api.problems import Refusal
from api.rendering import PROBLEM, REQUEST_ID
from api.tallies import Tallies

LOGGER_NAME: Final = "sangkat.requests"
#: What no route answers, and methods that only describe.
_UNNAMED: Final = "none"
_REQUEST_ID: Final = REQUEST_ID.lower().encode()
logger: Final = logging.getLogger(LOGGER_NAME)


class Measured:
    """Stands around an application and counts for the register that it answers for."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        """Count in the tallies of whatever register the state holds at the time."""
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; anything but HTTP passes uncounted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        tallies: Tallies = self._state.register.tallies
        answer = _Watched(send)
        tallies.in_progress += 1
        began = perf_counter()
        try:
            await self._app(scope, receive, answer)
        finally:
            seconds = perf_counter() - began
            tallies.in_progress -= 1
            tallies.count_request(_operation_of(scope), answer.status, seconds)
            problem: str | None = scope["state"].get(PROBLEM)
            if problem is not None:
                tallies.refusals[problem] += 1
            if logger.isEnabledFor(logging.INFO):
                _log(scope, answer, seconds)


def note_unread(app: Any, refusal: Refusal, request_id: str) -> None:
    """Count and log what was refused before it could be read as a request to an application."""
    register = getattr(app, "state", {}).get("register")
    if register is not None:
        register.tallies.refusals[refusal.code] += 1
    if logger.isEnabledFor(logging.INFO):
        about = {"status": refusal.status, "code": refusal.code, "request_id": request_id}
        logger.info("request", extra={"operation": _UNNAMED, **about})


class _Watched:
    """Sends an answer and remembers its status, length and id."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.length = 0
        self.headers: Any = ()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
        elif message["type"] == "http.response.body":
            self.length += len(message["body"])
        await self._send(message)

    def find_request_id(self) -> str | None:
        """Return what refusals and answers to pushes are called."""
        return next((value.decode() for name, value in self.headers if name == _REQUEST_ID), None)


def _operation_of(scope: HTTPScope) -> str:
    if "route_handler" not in scope:
        return _UNNAMED
    handler: Any = scope["route_handler"]
    return handler.opt.get("operation", _UNNAMED)


def _log(scope: HTTPScope, answer: _Watched, seconds: float) -> None:
    principal: Any = scope["state"].get("principal")
    about = {
        "operation": _operation_of(scope),
        "status": answer.status,
        "milliseconds": round(seconds * 1_000, 1),
        "bytes": answer.length,
        "role": None if principal is None else principal.role,
        "code": scope["state"].get(PROBLEM),
        "request_id": answer.find_request_id(),
    }
    logger.info("request", extra=about)
