"""One task a process and log: it commits waiting pushes together, then answers."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Generic, Self

from msgspec import Struct

from api.database.engine import Engine, Transaction
from api.ledger.arrivals import Arrivals
from api.ledger.folder import Authority, Folder, W
from api.ledger.gate import Gate
from api.ledger.group import Group, Outcome, Sent
from api.ledger.keys import RegisterKeys
from api.problems import Overloaded, Refusal
from sync.custody import Later

_GROUP_PUSHES_MAX: Final = 40
_GROUP_DOCUMENTS_MAX: Final = 500
_QUEUE_MAX: Final = 2_000
logger: Final = logging.getLogger("sangkat")


class _DryRun(Exception):
    """Undoes the transaction of a dry run."""


class _Submission(Struct):
    sent: Sequence[Sent]
    dry_run: bool
    answer: asyncio.Future[list[Outcome]]


def now_ms() -> int:
    """Return the server's clock in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


class Committer(Generic[W]):
    """The only writer of a log in this process; requests never race for it."""

    def __init__(
        self,
        engine: Engine,
        log: str,
        folder: Folder[W],
        authority: Authority[W],
        *,
        keys: RegisterKeys,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        """Take everything that a group needs; `clock` returns milliseconds since 1970."""
        self._engine = engine
        self._log = log
        self._folder = folder
        self._authority = authority
        self._keys = keys
        self._clock = clock
        self._waiting: asyncio.Queue[_Submission] = asyncio.Queue(_QUEUE_MAX)
        self._task: asyncio.Task[None] | None = None
        self.arrivals = Arrivals()
        self.gate = Gate()

    async def __aenter__(self) -> Self:
        """Start the task."""
        self._task = asyncio.create_task(self._serve(), name=f"committer {self._log}")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Commit what waits, then stop."""
        await self._waiting.join()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def submit(self, sent: Sequence[Sent], *, dry_run: bool = False) -> list[Outcome]:
        """Return one outcome a document after the commit; raises Overloaded on a full queue."""
        if not sent:
            return []
        self.gate.check(one.prepared.document.payload.kind for one in sent)
        answer = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait(_Submission(sent, dry_run, answer))
        except asyncio.QueueFull as error:
            raise Overloaded(retry_after=5) from error
        return await asyncio.shield(answer)

    async def _serve(self) -> None:
        while True:
            group = [await self._waiting.get()]
            self._take_more(group)
            await self._commit(group)
            for _ in group:
                self._waiting.task_done()

    def _take_more(self, group: list[_Submission]) -> None:
        documents = len(group[0].sent)
        while len(group) < _GROUP_PUSHES_MAX and documents < _GROUP_DOCUMENTS_MAX:
            try:
                submission = self._waiting.get_nowait()
            except asyncio.QueueEmpty:
                return
            group.append(submission)
            documents += len(submission.sent)

    async def _commit(self, group: Sequence[_Submission]) -> None:
        lasting = [submission for submission in group if not submission.dry_run]
        for submission in group:
            if submission.dry_run:
                await self._answer([submission])
        if not lasting:
            return
        if not await self._answer(lasting, is_last_try=len(lasting) == 1):
            for submission in lasting:
                await self._answer([submission])

    async def _answer(self, group: Sequence[_Submission], *, is_last_try: bool = True) -> bool:
        """Commit a group and answer it; on a defect return False so that each is tried alone."""
        try:
            outcomes = await self._run(group)
        except Refusal as refusal:
            _fail(group, refusal)
            return True
        except asyncio.CancelledError:
            _fail(group, Overloaded(retry_after=5))
            raise
        except Exception:
            logger.exception("a group of %d pushes failed", len(group))
            if not is_last_try:
                return False
            outcomes = [await self._try_alone(one, group[0]) for one in group[0].sent]
        for submission in group:
            count = len(submission.sent)
            _resolve(submission, outcomes[:count])
            outcomes = outcomes[count:]
        self.arrivals.announce()
        return True

    async def _try_alone(self, one: Sent, submission: _Submission) -> Outcome:
        """Decide one document by itself, at last without what waits for it: no defect spreads."""
        alone = [_Submission([one], submission.dry_run, submission.answer)]
        for releases in (True, False):
            try:
                return (await self._run(alone, releases=releases))[0]
            except Exception:
                logger.exception("document %s failed", one.prepared.document.id)
        return Outcome(Later("defect"))

    async def _run(self, group: Sequence[_Submission], *, releases: bool = True) -> list[Outcome]:
        sent = [one for submission in group for one in submission.sent]
        outcomes: list[Outcome] = []

        async def work(tx: Transaction) -> None:
            outcomes.extend(await self._decide(tx, sent, releases=releases))
            _undo_if(dry_run=group[0].dry_run)

        with suppress(_DryRun):
            await self._engine.write(work)
        return outcomes

    async def _decide(
        self, tx: Transaction, sent: Sequence[Sent], *, releases: bool
    ) -> list[Outcome]:
        group = Group(
            tx, self._log, self._folder, self._authority, keys=self._keys, now_ms=self._clock()
        )
        return await group.run(sent, releases=releases)


def _undo_if(*, dry_run: bool) -> None:
    if dry_run:
        raise _DryRun


def _resolve(submission: _Submission, outcomes: list[Outcome]) -> None:
    if not submission.answer.done():
        submission.answer.set_result(outcomes)


def _fail(group: Sequence[_Submission], error: Exception) -> None:
    for submission in group:
        if not submission.answer.done():
            submission.answer.set_exception(error)
