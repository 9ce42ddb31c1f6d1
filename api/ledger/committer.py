"""One task per process and log that groups waiting pushes into one transaction and answers after the commit."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final, Generic, Self

from msgspec import Struct

from api.database.engine import Engine
from api.ledger.arrivals import Arrivals
from api.ledger.group import Group, Outcome, Sent
from api.ledger.keys import RegisterKeys
from api.ledger.records import Authority, Folder, W
from api.problems import Overloaded, Refusal, StorageFull

_GROUP_PUSHES_MAX: Final = 40
_GROUP_DOCUMENTS_MAX: Final = 500


class _DryRun(Exception):
    """Undoes the transaction of a dry run; carries its outcomes."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


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
        arrivals: Arrivals,
        clock: Callable[[], int] = now_ms,
        queue_max: int = 2_000,
    ) -> None:
        """Take everything that a group needs; `clock` returns milliseconds since 1970."""
        self._engine = engine
        self._log = log
        self._folder = folder
        self._authority = authority
        self._keys = keys
        self._arrivals = arrivals
        self._clock = clock
        self._waiting: asyncio.Queue[_Submission] = asyncio.Queue(queue_max)
        self._task: asyncio.Task[None] | None = None

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
        """Return one outcome a document, after the commit; raises Overloaded when the queue is full."""
        if not sent:
            return []
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
            try:
                await self._commit(group)
            finally:
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
        except (Refusal, OSError) as error:
            _fail(group, error if isinstance(error, Refusal) else StorageFull(retry_after=60))
            return True
        except Exception as error:
            if is_last_try:
                _fail(group, error)
            return is_last_try
        for submission in group:
            count = len(submission.sent)
            _resolve(submission, outcomes[:count])
            outcomes = outcomes[count:]
        self._arrivals.announce()
        return True

    async def _run(self, group: Sequence[_Submission]) -> list[Outcome]:
        sent = [one for submission in group for one in submission.sent]
        try:
            async with self._engine.writing() as tx:
                work = Group(
                    tx,
                    self._log,
                    self._folder,
                    self._authority,
                    keys=self._keys,
                    now_ms=self._clock(),
                )
                outcomes = await work.run(sent)
                if group[0].dry_run:
                    raise _DryRun(outcomes)
        except _DryRun as undone:
            return undone.outcomes
        return outcomes


def _resolve(submission: _Submission, outcomes: list[Outcome]) -> None:
    if not submission.answer.done():
        submission.answer.set_result(outcomes)


def _fail(group: Sequence[_Submission], error: Exception) -> None:
    for submission in group:
        if not submission.answer.done():
            submission.answer.set_exception(error)
