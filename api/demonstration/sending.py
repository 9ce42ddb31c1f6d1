"""Pushes the story over HTTP, a hundred documents at a time, while the clock follows it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import httpx
import msgspec

from api.demonstration.calendar import HOUR_MS, StoryClock
from api.demonstration.phones import Signed
from api.demonstration.story import Event
from sync.messages import PUSH_BYTES_MAX, PUSH_ITEMS_MAX, Item, PushAnswer

Note = Callable[[int], None]
_GOOD: Final = ("stored", "duplicate")


class NotTaken(Exception):
    """The register refused a document of the demonstration: the demonstration is wrong."""


class Courier:
    """Carries what phones signed, as a police post does: with a token of scope `relay`."""

    def __init__(self, http: httpx.AsyncClient, token: str, clock: StoryClock, note: Note) -> None:
        """Call `note` with the number of documents carried so far."""
        self._http = http
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
        }
        self._clock = clock
        self._note = note
        self._accounts: list[bytes] = []
        self._others: list[bytes] = []
        self._size = 0
        self._count = 0

    async def carry(self, events: Iterable[Event]) -> int:
        """Let events happen in order and push what they sign; return how many documents."""
        since_ms = 0
        for event in events:
            if event.at_ms - since_ms > HOUR_MS:
                await self._push_all()
                since_ms = event.at_ms
            self._clock.reach(event.at_ms)
            await self._take(event.sign(event.at_ms))
        await self._push_all()
        return self._count

    async def _take(self, signed: Sequence[Signed]) -> None:
        for one in signed:
            data = msgspec.json.encode(one.item)
            batch = self._accounts if one.kind == "account" else self._others
            if len(batch) == PUSH_ITEMS_MAX or self._size + len(data) > PUSH_BYTES_MAX:
                await self._push_all()
            batch.append(data)
            self._size += len(data)

    async def _push_all(self) -> None:
        """Push what waits; a key is registered before anything that it signed [S1]."""
        for batch in (self._accounts, self._others):
            if batch:
                await self._push(batch)
                batch.clear()
        self._size = 0

    async def _push(self, batch: Sequence[bytes]) -> None:
        content = b'{"items":[' + b",".join(batch) + b"]}"
        answer = await self._http.post("/v1/sync/push", content=content, headers=self._headers)
        results = msgspec.json.decode(answer.raise_for_status().content, type=PushAnswer).results
        for result, item in zip(results, batch, strict=True):
            if result.custody not in _GOOD:
                raise NotTaken(_describe(result.problem and result.problem.code, item))
        self._count += len(batch)
        self._note(self._count)


def _describe(code: str | None, data: bytes) -> str:
    payload = msgspec.json.decode(data, type=Item).payload
    return f"{code}: {payload[:300]}"
