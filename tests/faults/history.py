"""What happened in a run, noted where it happened; the checker compares it with the log.

A receipt is noted when the register's answer reaches this machine, even if a fault then keeps it
from the device: what was answered was promised.
"""

import asyncio
import gzip
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import msgspec
from msgspec import Struct

from sync.keys import PublicJwk, thumbprint
from sync.messages import PushAnswer

_PUSH = "/v1/sync/push"
_INFO = "/v1/sync/info"


class _Sent(Struct):
    payload: str


class _Push(Struct):
    items: list[_Sent]


class _Identity(Struct):
    id: UUID


class _Info(Struct):
    receipt_keys: list[PublicJwk]


class History:
    """What was saved on devices, what the register promised, and how often it was asked."""

    def __init__(self) -> None:
        self.saved: dict[UUID, str] = {}
        self.promised: dict[UUID, set[str]] = {}
        self.custody: Counter[str] = Counter()
        self.answers: Counter[tuple[str, int]] = Counter()
        self.attempts: Counter[UUID] = Counter()
        self._changed = asyncio.Event()
        self.keys: dict[str, PublicJwk] = {}

    def note_saved(self, row: Any) -> None:
        """A document is on a device's disk."""
        self.saved[row.id] = row.hash

    def note_asked(self, request: httpx.Request) -> None:
        """A request leaves a device."""
        if request.url.path == _PUSH:
            body = msgspec.json.decode(gzip.decompress(request.content), type=_Push)
            self.attempts.update(_id_of(item.payload) for item in body.items)
            self._changed.set()

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds of this history; looked at after every answer."""
        while not holds():
            self._changed.clear()
            await self._changed.wait()

    def note_answered(self, request: httpx.Request, response: httpx.Response) -> None:
        """The register answered; the answer may still be lost on its way to the device."""
        path = request.url.path
        self.answers[path, response.status_code] += 1
        self._changed.set()
        if response.is_success and path == _PUSH:
            self._note_promises(response.content)
        if response.is_success and path == _INFO:
            keys = msgspec.json.decode(response.content, type=_Info).receipt_keys
            self.keys |= {thumbprint(key): key for key in keys}

    def forget_promises(self) -> None:
        """The register was restored from an older copy: what it said before holds no longer."""
        self.promised.clear()

    def _note_promises(self, content: bytes) -> None:
        for result in msgspec.json.decode(content, type=PushAnswer).results:
            self.custody[result.custody] += 1
            if result.id is not None and result.receipt is not None:
                self.promised.setdefault(result.id, set()).add(result.receipt)


def _id_of(payload: str) -> UUID:
    return msgspec.json.decode(payload, type=_Identity).id
