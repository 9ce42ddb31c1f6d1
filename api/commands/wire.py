"""HTTP as it comes from the socket: what cannot be read gets a problem; all has a limit and an end.

Apart because it stands below the application, which never sees such a request.
"""

import asyncio
from collections import Counter
from http import HTTPStatus
from typing import ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import Malformed, Overloaded, Refusal, TimedOut
from api.rendering import MEDIA_TYPE, REQUEST_ID, render
from api.traffic import note_unread

HEAD_BYTES_MAX: Final = 64 * 1024


class StrictHttp(HttpToolsProtocol):
    """Refuses heads that do not end, ends who is too slow, and keeps one address from taking all.

    Of `limit_concurrency` connections it takes all but one, so that uvicorn never answers itself.
    """

    #: From the connection, or the first byte, to the end of the head; of the body; of the answer.
    head_seconds: ClassVar[float] = 20
    body_seconds: ClassVar[float] = 120
    answer_seconds: ClassVar[float] = 300
    #: An address may have one connection in so many; phones of one network share an address.
    address_share: ClassVar[int] = 4
    _addresses: ClassVar[Counter[str]] = Counter()

    _head_bytes = 0
    _is_in_head = True
    _is_read = True
    _is_counted = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Take a connection, unless there are too many."""
        is_full = self._is_full()
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        if is_full or self._has_many(address):
            self._refuse(Overloaded())
            return
        self._is_counted = True
        self._addresses[address] += 1
        self._expect(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let another come."""
        self._expect(None)
        if self._is_counted:
            address = self.client[0] if self.client else ""
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless method, address and headers go on for too long."""
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._refuse(Malformed())
        if self._deadline is None and self.timeout_keep_alive_task is None:
            self._expect(self.head_seconds)

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._is_in_head, self._head_bytes = True, 0
        self._expect(self.head_seconds)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Count no more: a body has limits of its own. Who names no host is refused (RFC 9112)."""
        hosts = sum(name == b"host" for name, _ in self.headers)
        is_older = self.parser is not None and self.parser.get_http_version() == "1.0"
        if hosts > 1 or (hosts == 0 and not is_older):
            raise Malformed  # it ends the parser, and that is answered by send_400_response
        self._is_in_head = self._is_read = False
        self._expect(self.body_seconds)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Wait for the answer, or for what follows one that was given early."""
        self._is_read = True
        is_answered = self.cycle.response_complete
        self._expect(self.head_seconds if is_answered else self.answer_seconds)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Leave who keeps the line for later to uvicorn."""
        if self._is_read:
            self._expect(None)
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer with a problem and hang up."""
        del msg
        self._refuse(Malformed())

    def shutdown(self) -> None:
        """Finish what was taken; who is still sending is told to come again."""
        is_in_head = self._is_in_head and self._head_bytes > 0
        is_in_body = not self._is_in_head and not self._is_read
        if is_in_head or (is_in_body and not self.cycle.response_started):
            self._refuse(Overloaded())
        else:
            super().shutdown()

    def _is_full(self) -> bool:
        limit = self.limit_concurrency
        return limit is not None and len(self.connections) + 1 >= limit

    def _has_many(self, address: str) -> bool:
        limit = self.limit_concurrency
        return limit is not None and self._addresses[address] >= limit // self.address_share

    def _expect(self, seconds: float | None) -> None:
        """Expect the next step within so many seconds; None means that there is none to expect."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._end)

    def _end(self) -> None:
        """Hang up on who was too slow, and say so where an answer is due."""
        is_silent = self._is_in_head and self._head_bytes == 0
        is_answering = not self._is_in_head and self.cycle.response_started
        if self._is_read and not self._is_in_head:
            self.transport.abort()
        elif is_silent or is_answering:
            self.transport.close()
        else:
            self._refuse(TimedOut())

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with a problem and hang up."""
        answer = render(refusal)
        note_unread(self.config.app, refusal, answer.headers[REQUEST_ID])
        headers = {
            **answer.headers,
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(answer.content)),
            "Connection": "close",
        }
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        status = HTTPStatus(refusal.status)
        head = "".join([f"HTTP/1.1 {status} {status.phrase}\r\n", *lines, "\r\n"])
        self.transport.write(head.encode() + answer.content)
        self.transport.close()


class ProxiedHttp(StrictHttp):
    """Behind a proxy all come from its address, and it is the proxy that counts them."""

    address_share = 1
