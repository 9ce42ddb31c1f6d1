"""HTTP as it comes from the socket: what cannot be read gets a problem, and a head has a limit.

Apart because it stands below the application, which never sees such a request.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.problems import Malformed
from api.rendering import MEDIA_TYPE, render

HEAD_BYTES_MAX: Final = 64 * 1024


class StrictHttp(HttpToolsProtocol):
    """Refuses heads that do not end, and says what is wrong as everywhere else."""

    _head_bytes = 0
    _is_in_head = True

    def data_received(self, data: bytes) -> None:
        """Read on, unless method, address and headers go on for too long."""
        super().data_received(data)
        if self._is_in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Count no more: a body has limits of its own."""
        self._is_in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer with a problem and hang up."""
        del msg
        answer = render(Malformed())
        headers = {
            **answer.headers,
            "Content-Type": MEDIA_TYPE,
            "Content-Length": str(len(answer.content)),
            "Connection": "close",
        }
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        head = "".join(["HTTP/1.1 400 Bad Request\r\n", *lines, "\r\n"])
        self.transport.write(head.encode() + answer.content)
        self.transport.close()
