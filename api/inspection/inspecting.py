"""Walks the whole log once: checks each entry, folds it anew, then compares every table."""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from api.audit.rules import find_break
from api.audit.store import list_looks
from api.database.engine import Snapshot, Transaction
from api.inspection import entries
from api.inspection.following_store import FOLLOWING
from api.inspection.published import Published
from api.inspection.records import Logged, Unreadable
from api.inspection.replay import Replay
from api.inspection.schema import compare_schema
from api.inspection.store import list_logged
from api.inspection.tables import compare
from api.ledger.keys import ReceiptKey
from api.places.records import Places
from sync.chain import first_link, next_link
from sync.document import Document
from sync.keys import PublicJwk, thumbprint
from sync.receipts import Receipt


class Trusted(Struct, frozen=True, kw_only=True):
    """What the inspection starts from: the register's keys, and receipts that others hold."""

    log: str
    places: Places
    receipt_keys: Mapping[str, PublicJwk]
    receipt_kid: str
    published: Sequence[ReceiptKey]
    gateway_kid: str
    held: Sequence[Receipt] = ()


class Inspection:
    """One walk over one log; `held` is a snapshot of it, `scratch` an empty register.

    `pattern` is an empty database that went through the same migrations as `held`.
    """

    def __init__(
        self, trusted: Trusted, held: Snapshot, scratch: Transaction, pattern: Snapshot
    ) -> None:
        """Begin before the first entry."""
        self._trusted = trusted
        self._held = held
        self._scratch = scratch
        self._pattern = pattern
        self._published = Published(trusted.published, trusted.receipt_kid)
        self._replay = Replay(trusted.log, trusted.places, trusted.gateway_kid)
        self._keys: dict[str, PublicJwk] = {}
        self._wanted = {receipt.id for receipt in trusted.held}
        self._found: dict[UUID, Logged] = {}
        self._link = first_link(trusted.log)
        self._pos = 0
        self._received_ms = 0
        self._is_folding = True

    @property
    def pos(self) -> int:
        """How far the walk has come."""
        return self._pos

    async def run(self, note: Callable[[int], None]) -> AsyncGenerator[str]:
        """Return one line for each thing that is wrong; tells `note` how far it has come."""
        for line in (
            *(f"database: {said}" for said in await self._held.find_damage()),
            *await compare_schema(self._held, self._pattern, self._trusted.log),
        ):
            yield line
        async for line in self._read_log(note):
            yield line
        for line in (
            *self._published.find_wrong(),
            *self._check_held(),
            *await self._check_audit(),
        ):
            yield line
        async for line in self._compare():
            yield line

    async def _read_log(self, note: Callable[[int], None]) -> AsyncGenerator[str]:
        try:
            async for line in self._walk_pages(note):
                yield line
        except Unreadable as error:
            self._is_folding = False
            yield str(error)

    async def _walk_pages(self, note: Callable[[int], None]) -> AsyncGenerator[str]:
        async for page in list_logged(self._held, self._trusted.log):
            for line in await self._walk(page):
                yield line
            note(self._pos)

    async def _walk(self, page: Sequence[Logged]) -> list[str]:
        for logged in page:
            self._published.note(logged)
        opened = [self._open(logged) for logged in page]
        lines = [line for _, wrong in opened for line in wrong]
        pairs = zip(page, (document for document, _ in opened), strict=True)
        for received_ms, together in groupby(pairs, key=lambda pair: pair[0].received_ms):
            lines += await self._fold(list(together), received_ms)
        return lines

    def _open(self, logged: Logged) -> tuple[Document | None, list[str]]:
        document, wrong = entries.read(logged)
        wrong += self._check_place(logged)
        if document is not None:
            jwk = entries.find_jwk(document)
            if jwk is not None:
                self._keys.setdefault(thumbprint(jwk), jwk)
            wrong += entries.check_signature(document, self._keys)
        if logged.id in self._wanted:
            self._found[logged.id] = logged
        return document, [f"entry {logged.pos}: {line}" for line in wrong]

    def _check_place(self, logged: Logged) -> Iterator[str]:
        """Check position, time and chain against the entry before; then go on from this one."""
        if logged.pos != self._pos + 1:
            yield f"the log has no position {self._pos + 1}"
        if logged.received_ms < self._received_ms:
            yield "it was received before the entry before it"
        link = next_link(
            self._link, logged.pos, logged.id, logged.hash, received_ms=logged.received_ms
        )
        if link != logged.chain:
            yield "the chain does not hold"
        self._pos, self._received_ms, self._link = logged.pos, logged.received_ms, logged.chain

    async def _fold(
        self, group: Sequence[tuple[Logged, Document | None]], received_ms: int
    ) -> list[str]:
        """Fold what was received together; what is wrong with it, and with its receipts."""
        wrong = await self._append([document for _, document in group], received_ms)
        return [
            f"entry {logged.pos}: {line}"
            for logged, _ in group
            for line in (*wrong.get(logged.id, ()), *self._check_receipt(logged))
        ]

    def _check_receipt(self, logged: Logged) -> Iterator[str]:
        grade = self._replay.grades.get(logged.id)
        return entries.check_receipt(logged, self._trusted.log, self._trusted.receipt_keys, grade)

    async def _append(
        self, documents: Sequence[Document | None], received_ms: int
    ) -> Mapping[UUID, Sequence[str]]:
        readable = [document for document in documents if document is not None]
        is_whole = self._replay.is_complete and len(readable) == len(documents)
        self._is_folding = self._is_folding and is_whole
        if not self._is_folding:
            return {}
        try:
            return await self._replay.append(self._scratch, readable, received_ms)
        except (ValueError, KeyError):
            self._is_folding = False
            return {document.id: ["it cannot be folded"] for document in readable}

    def _check_held(self) -> Iterator[str]:
        for receipt in self._trusted.held:
            wrong = entries.check_held(receipt, self._found, self._pos)
            if wrong is not None:
                yield f"receipt of {receipt.id}: {wrong}"

    async def _check_audit(self) -> list[str]:
        try:
            broken = find_break(self._trusted.log, await list_looks(self._held, self._trusted.log))
        except (ValueError, TypeError, AttributeError, OverflowError):
            return ["audit: a row cannot be read"]
        return [] if broken is None else [f"audit {broken}: the chain does not hold"]

    async def _compare(self) -> AsyncGenerator[str]:
        if not (self._is_folding and self._replay.is_complete):
            yield "the tables cannot be compared: part of the log cannot be folded"
            return
        for table in FOLLOWING:
            async for line in compare(self._held, self._scratch, table, self._trusted.log):
                yield line
