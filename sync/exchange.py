"""One device's exchange with its register: sends what waits, asks what changed, keeps both."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Final

from sync.answers import read_anchor, read_pulled, read_results
from sync.batch import is_due, list_have, next_batch
from sync.client import Client, RequestFailed
from sync.keys import PublicJwk
from sync.messages import Info, PullAnswer, PullRequest
from sync.outbox import Outbox
from sync.states import (
    Answered,
    Failed,
    Gone,
    ItemAnswer,
    Pulled,
    Row,
    Sending,
    is_registration,
)

_GONE: Final = 410
# What is refused for now or for this sender, not for these bytes.
_PASSING: Final = (401, 404, 405, 408, 413, 415, 421, 426, 429)
_CLIENT_ERROR: Final = 400
_SERVER_ERROR: Final = 500
_PAGES_MAX: Final = 10_000
PAGE_LIMIT: Final = 200
_PAUSE_MAX_MS: Final = 300_000


def now_ms() -> int:
    """Return this device's clock, which may be years wrong, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class Exchange:
    """Joins an outbox and a client; one exchange at a time."""

    def __init__(
        self,
        outbox: Outbox,
        client: Client,
        *,
        clock_ms: Callable[[], int] = now_ms,
        chance: Callable[[], float] = random.random,
        page_limit: int = PAGE_LIMIT,
    ) -> None:
        """Take the two sides, this device's clock, and chance in [0, 1) for delays."""
        self._outbox = outbox
        self._client = client
        self._clock_ms = clock_ms
        self._chance = chance
        self._page_limit = page_limit

    async def run_once(self, wait: int = 0) -> bool:
        """Send all that is due, then pull until nothing is new; return False when it must wait."""
        if not is_due(self._outbox.replica.link.not_before_ms, self._clock_ms()):
            return False
        return await self.send() and await self.pull(wait)

    async def run(self, *, wait: int = 25, pause_seconds: float = 1.0) -> None:
        """Exchange until cancelled, with a long poll while nothing happens."""
        while True:
            await self.run_once(wait)
            delay_ms = self._outbox.replica.link.not_before_ms - self._clock_ms()
            pause = min(max(delay_ms, 0), _PAUSE_MAX_MS) / 1000
            await asyncio.sleep(max(pause, pause_seconds))

    async def send(self) -> bool:
        """Send everything that is due [S1]; return False when a call failed."""
        while batch := next_batch(self._outbox.replica, self._clock_ms()):
            sent = tuple(row.id for row in batch)
            await self._outbox.apply(Sending(ids=sent))
            try:
                answers = await self._deliver(batch)
            except RequestFailed as error:
                await self._fail(error, batch)
                return False
            await self._outbox.apply(
                Answered(sent=sent, results=answers, at_ms=self._clock_ms(), random=self._chance()),
                read_anchor(answers, self._outbox.receipt_keys),
            )
        return True

    async def pull(self, wait: int = 0) -> bool:
        """Pull until nothing is new [P1-P6]; return False when a call failed."""
        for _ in range(_PAGES_MAX):
            try:
                more = await self._pull_or_start_over(wait)
            except RequestFailed as error:
                await self._fail(error, ())
                return False
            if not more:
                return True
        return True

    async def _pull_or_start_over(self, wait: int) -> bool:
        """Pull a page; a cursor of another history is given up, and then more is to come [R1]."""
        cursor = self._outbox.replica.cursor
        try:
            return await self._pull_page(cursor, wait)
        except RequestFailed as error:
            if error.status != _GONE or cursor is None:
                raise
            await self._outbox.apply(Gone(sent_cursor=cursor))
            return True

    async def _deliver(self, batch: tuple[Row, ...]) -> tuple[ItemAnswer, ...]:
        items = await self._outbox.list_items(batch)
        if is_registration(self._outbox.replica, batch[0]):
            return (await self._register(batch[0], items[0]),)
        await self._be_signed_in()
        results = await self._client.push(items)
        answers = read_results(batch, results, self._outbox.receipt_keys, self._outbox.log)
        if any(_is_unproven(answer) for answer in answers):
            await self._learn(await self._client.read_info())  # a new key may have signed
            answers = read_results(batch, results, self._outbox.receipt_keys, self._outbox.log)
        return answers

    async def _register(self, row: Row, item: bytes) -> ItemAnswer:
        try:
            await self._client.register(item)
        except RequestFailed as error:
            if not _is_final(error):
                raise
            return ItemAnswer(id=row.id, hash=row.hash, custody="rejected", code=error.code)
        return ItemAnswer(id=row.id, hash=row.hash, custody="stored")

    async def _pull_page(self, cursor: str | None, wait: int) -> bool:
        await self._be_signed_in()
        have = list_have(self._outbox.replica)
        request = PullRequest(cursor=cursor, have=have, limit=self._page_limit, wait=wait)
        answer = await self._client.pull(request)
        event = await self._read_pulled(cursor, answer)
        await self._outbox.keep_pulled(event, answer.changes, answer.snapshot or ())
        return answer.more

    async def _read_pulled(self, cursor: str | None, answer: PullAnswer) -> Pulled:
        try:
            return read_pulled(cursor, answer, self._outbox.receipt_keys, self._outbox.log)
        except ValueError:
            await self._learn(await self._client.read_info())
        try:
            return read_pulled(cursor, answer, self._outbox.receipt_keys, self._outbox.log)
        except ValueError as error:
            raise RequestFailed(None, "head.unproven") from error

    async def _be_signed_in(self) -> None:
        if not self._client.is_signed_in:
            await self._learn(await self._client.sign_in())

    async def _learn(self, info: Info) -> None:
        keys = {key.kid: PublicJwk(key.kty, key.crv, key.x, key.y) for key in info.receipt_keys}
        await self._outbox.keep_receipt_keys(keys)

    async def _fail(self, error: RequestFailed, batch: tuple[Row, ...]) -> None:
        event = Failed(
            sent=tuple(row.id for row in batch),
            status=error.status,
            code=error.code,
            retry_after_seconds=error.retry_after_seconds,
            moved_to=error.moved_to,
            at_ms=self._clock_ms(),
            random=self._chance(),
        )
        await self._outbox.apply(event)


def _is_unproven(answer: ItemAnswer) -> bool:
    return answer.custody in ("stored", "duplicate") and answer.receipt is None


def _is_final(error: RequestFailed) -> bool:
    """Say whether the register refused the registration itself; what has no code is not its own."""
    status = error.status
    if status is None or error.code is None or status in _PASSING:
        return False
    return _CLIENT_ERROR <= status < _SERVER_ERROR
