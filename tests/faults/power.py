"""Moments of a recorded run in which the power fails, with what had been promised by then."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import httptools
import httpx
import msgspec

from sync.messages import PushAnswer
from tests.faults.platters import Disk
from tests.faults.trace import Call


class Answers:
    """Puts the register's answers together again from what it sent over one connection."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = b""
        self._complete: list[httpx.Response] = []

    def feed(self, data: bytes) -> list[httpx.Response]:
        """Return the answers that this part of them completes."""
        self._parser.feed_data(data)
        complete, self._complete = self._complete, []
        return complete

    def on_message_begin(self) -> None:
        self._headers, self._body = [], b""

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        answer = httpx.Response(status, headers=self._headers, content=self._body)
        self._complete.append(answer)


class Outage:
    """Follows a run call by call."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.promised: dict[UUID, set[str]] = {}
        self._connections: dict[str, Answers] = {}

    def follow(self, calls: Iterable[Call]) -> Iterator[str]:
        """Yield `answer` after each answer with receipts, and `sync` in the middle of each sync."""
        for call in calls:
            is_sent = call.opened.startswith("TCP")
            if is_sent and self._listen(call):
                yield "answer"
            if call.name in {"fsync", "fdatasync"}:
                yield "sync"
            if not is_sent:
                self.disk.apply(call)

    def _listen(self, call: Call) -> bool:
        assert call.name == "sendto", call
        answers = self._connections.setdefault(call.opened, Answers())
        receipts = [found for answer in answers.feed(call.given[0]) for found in read(answer)]
        for id, receipt in receipts:
            self.promised.setdefault(id, set()).add(receipt)
        return bool(receipts)


def read(answer: httpx.Response) -> list[tuple[UUID, str]]:
    """Return the documents and receipts in an answer; none in most."""
    try:
        results = msgspec.json.decode(answer.content, type=PushAnswer).results
    except msgspec.DecodeError:
        return []
    return [(one.id, one.receipt) for one in results if one.id is not None and one.receipt]
