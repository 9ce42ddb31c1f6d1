"""One task a process and log: it commits waiting pushes together, then answers."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Final, Generic, Self

from msgspec import Struct, field

from api.database.engine import Engine, Transaction, Work
from api.ledger.arrivals import Arrivals
from api.ledger.folder import Authority, Folder, W
from api.ledger.gate import Gate
from api.ledger.group import Group, Outcome, Sent
from api.ledger.keys import RegisterKeys
from api.problems import Overloaded, Refusal, StorageFull
from api.tallies import Tallies
from sync.custody import Duplicate, Later, Stored

_GROUP_PUSHES_MAX: Final = 40
_GROUP_DOCUMENTS_MAX: Final = 500
_QUEUE_MAX: Final = 2_000
logger: Final = logging.getLogger("sangkat")


class _Undone(Exception):
    """Undoes a transaction whose outcomes are told all the same."""


def _new_answer() -> asyncio.Future[list[Outcome]]:
    return asyncio.get_running_loop().create_future()


class _Submission(Struct):
    sent: Sequence[Sent]
    dry_run: bool = False
    is_whole: bool = False
    first: Work[None] | None = None
    answer: asyncio.Future[list[Outcome]] = field(default_factory=_new_answer)

    @property
    def is_alone(self) -> bool:
        """Say whether it has a transaction of its own, because it may have to be undone."""
        return self.dry_run or self.is_whole

    def must_be_undone(self, outcomes: Sequence[Outcome]) -> bool:
        """Say whether nothing of it may stay: it is rehearsed, or only a part of it would."""
        ends = {type(outcome.decision) for outcome in outcomes}
        return self.dry_run or (self.is_whole and ends not in ({Stored}, {Duplicate}))


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
        #: Where the log ended after the last commit of this process, and would after the next.
        self.pos = self._end = 0
        self.tallies = Tallies()

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
        return await self._enqueue(_Submission(sent, dry_run=dry_run))

    async def submit_whole(
        self, sent: Sequence[Sent], first: Work[None] | None = None
    ) -> list[Outcome]:
        """Store all of these documents or none; outcomes other than stored say why none.

        `first` runs before them in the same transaction: what it raises undoes everything.
        """
        return await self._enqueue(_Submission(sent, is_whole=True, first=first))

    def count_waiting(self) -> int:
        """Return how many pushes wait for their turn."""
        return self._waiting.qsize()

    async def _enqueue(self, submission: _Submission) -> list[Outcome]:
        if not submission.sent:
            return []
        self.gate.check(self._list_kinds(submission.sent))
        try:
            self._waiting.put_nowait(submission)
        except asyncio.QueueFull as error:
            raise Overloaded from error
        return await asyncio.shield(submission.answer)

    def _list_kinds(self, sent: Sequence[Sent]) -> Iterator[str]:
        """Yield what is to come in, but for the accounts that the register opens: nobody's data."""
        for document in (one.prepared.document for one in sent):
            kind = document.payload.kind
            if kind != "account" or document.kid != self._keys.gateway_kid:
                yield kind

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
        lasting = [submission for submission in group if not submission.is_alone]
        for submission in group:
            if submission.is_alone:
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
            _fail(group, Overloaded())
            raise
        except Exception as error:
            logger.exception("a group of %d pushes failed", len(group))
            if not is_last_try:
                return False
            if group[0].is_whole:
                _fail(group, error)
                return True
            outcomes = [await self._try_alone(one, group[0]) for one in group[0].sent]
        for submission in group:
            count = len(submission.sent)
            _resolve(submission, outcomes[:count])
            outcomes = outcomes[count:]
        self.arrivals.announce()
        return True

    async def _try_alone(self, one: Sent, submission: _Submission) -> Outcome:
        """Decide one document by itself, at last without what waits for it: no defect spreads."""
        alone = [_Submission([one], submission.dry_run)]
        for releases in (True, False):
            try:
                return (await self._run(alone, releases=releases))[0]
            except Exception:
                logger.exception("document %s failed", one.prepared.document.id)
        return Outcome(Later("defect"))

    async def _run(self, group: Sequence[_Submission], *, releases: bool = True) -> list[Outcome]:
        if not await self._engine.has_room():
            raise StorageFull
        sent = [one for submission in group for one in submission.sent]
        outcomes: list[Outcome] = []

        async def work(tx: Transaction) -> None:
            outcomes.clear()  # an engine may repeat what a conflict undid
            if group[0].first is not None:
                await group[0].first(tx)
            outcomes.extend(await self._decide(tx, sent, releases=releases))
            if group[0].must_be_undone(outcomes):
                raise _Undone

        began = time.perf_counter()
        with suppress(_Undone):
            await self._engine.write(work)
            self.pos = self._end
        self.tallies.commits.add(time.perf_counter() - began)
        self.tallies.groups.add(len(sent))
        return outcomes

    async def _decide(
        self, tx: Transaction, sent: Sequence[Sent], *, releases: bool
    ) -> list[Outcome]:
        group = Group(
            tx, self._log, self._folder, self._authority, keys=self._keys, now_ms=self._clock()
        )
        outcomes = await group.run(sent, releases=releases)
        self._end = group.pos
        return outcomes


def _resolve(submission: _Submission, outcomes: list[Outcome]) -> None:
    if not submission.answer.done():
        submission.answer.set_result(outcomes)


def _fail(group: Sequence[_Submission], error: Exception) -> None:
    for submission in group:
        if not submission.answer.done():
            submission.answer.set_exception(error)
