"""A group of pushes in one transaction: load, decide, fold, release the backlog, write."""

from collections.abc import Iterable, Sequence
from typing import Generic
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from api.database.engine import Transaction
from api.ledger import backlog_store, store
from api.ledger.appending import make_entry
from api.ledger.backlog import Backlog
from api.ledger.folder import Authority, Folder, W
from api.ledger.keys import RegisterKeys
from api.ledger.late_values import LateValues
from api.ledger.records import (
    Entities,
    Entry,
    Head,
    Judged,
    Key,
    Prepared,
    Pusher,
    Tracked,
)
from sync.custody import (
    Decision,
    Duplicate,
    Fault,
    Held,
    Known,
    Later,
    Rejected,
    Standing,
    Stored,
    decide,
)
from sync.document import Document, read_document
from sync.messages import FieldError


class Sent(Struct, frozen=True):
    """A readable, authentic document with who sent it; a condition is that its base is current."""

    prepared: Prepared
    pusher: Pusher
    is_conditional: bool = False


class Outcome(Struct, frozen=True):
    """What was decided, with the receipt where one exists."""

    decision: Decision
    receipt: str | None = None


class Group(Generic[W]):
    """Decides documents of one log in one transaction; made anew for every group."""

    def __init__(
        self,
        tx: Transaction,
        log: str,
        folder: Folder[W],
        authority: Authority[W],
        *,
        keys: RegisterKeys,
        now_ms: int,
    ) -> None:
        """Take the transaction that already holds the head's lock or is about to."""
        self._tx = tx
        self._log = log
        self._folder = folder
        self._authority = authority
        self._keys = keys
        self._now_ms = now_ms
        self._known: dict[UUID, Known] = {}
        self._expired: set[Key] = set()
        self._entities: Entities = Tracked()
        self._work: W | None = None
        self._head = Head(0, b"", 0)
        self._entries: list[Entry] = []
        self._backlog = Backlog()
        self._late = LateValues()
        self._refused: list[tuple[Prepared, Fault]] = []

    async def run(self, sent: Sequence[Sent], *, releases: bool = True) -> list[Outcome]:
        """Decide all, write what follows, and return one outcome a document in the order sent.

        Without `releases` what waits goes on waiting: a defect in it must not hold up what arrives.
        """
        self._head = await store.lock_head(self._tx, self._log)
        first_ms = max(self._now_ms, self._head.received_ms)
        self._head = replace(self._head, received_ms=first_ms)
        await self._load(sent)
        outcomes = [self._decide(one) for one in sent]
        later = await self._release() if releases else {}
        await self._write()
        return [later.get(_key(one), outcome) for one, outcome in zip(sent, outcomes, strict=True)]

    async def _load(self, sent: Sequence[Sent]) -> None:
        prepared = [one.prepared for one in sent]
        ids = _unique(
            document_id
            for one in prepared
            for document_id in (one.document.id, *one.document.payload.after, *one.refers_to)
        )
        unknown = [document_id for document_id in ids if document_id not in self._known]
        self._known = {**await store.find_known(self._tx, self._log, unknown), **self._known}
        own = [one.document.id for one in prepared]
        repeated = [one.document for one in prepared if one.document.id in self._known]
        self._expired |= await store.find_expired(self._tx, self._log, own)
        await self._late.load(self._tx, self._log, repeated)
        await self._backlog.load(self._tx, self._log, own)
        pushers = [one.pusher for one in sent if self._find_missing(one.prepared)]
        await self._backlog.count(self._tx, self._log, pushers)
        targets = _unique(
            entity for one in prepared for entity in (one.document.payload.entity, *one.refers_to)
        )
        self._entities.add(await store.load_entities(self._tx, self._log, targets))
        homes = _unique(
            entity.premises_id for entity in self._entities.values() if entity.premises_id
        )
        missing = [home for home in homes if home not in self._entities]
        self._entities.add(await store.load_entities(self._tx, self._log, missing))
        self._work = await self._folder.load(self._tx, prepared, self._entities, self._work)

    @property
    def pos(self) -> int:
        """Where the log ends with what was appended here."""
        return self._head.pos

    @property
    def _workspace(self) -> W:
        if self._work is None:
            message = "documents are loaded before they are decided"
            raise RuntimeError(message)
        return self._work

    def _decide(self, one: Sent) -> Outcome:
        prepared = one.prepared
        document = prepared.document
        missing = self._find_missing(prepared)
        fault, judged = prepared.fault, Judged("not-allowed", None)
        may_be_sent = self._authority.may_send(self._workspace, prepared, one.pusher)
        if may_be_sent and not missing and fault is None and prepared.is_known_kind:
            judged = self._authority.judge(
                self._workspace, prepared, one.pusher, self._head.received_ms
            )
            if judged.judgement == "allowed":
                fault = self._find_stale(one) or self._folder.check(self._workspace, prepared)
        standing = Standing(
            may_be_sent=may_be_sent,
            known=self._find_known(document),
            is_readable=prepared.is_known_kind,
            expired=(document.id, document.hash) in self._expired,
            missing=missing,
            fault=fault,
            judgement=judged.judgement,
        )
        return self._carry_out(one, decide(document.hash, standing), judged)

    def _find_known(self, document: Document) -> Known | None:
        """Return the entry of this id, or the same bytes where they wait."""
        if (known := self._known.get(document.id)) is not None:
            return known
        is_waiting = self._backlog.holds((document.id, document.hash))
        return Known(document.hash, None) if is_waiting else None

    def _find_stale(self, one: Sent) -> Fault | None:
        """Return the fault of a condition that no longer holds, behind the head's lock."""
        payload = one.prepared.document.payload
        entity = self._entities.get(payload.entity)
        if not one.is_conditional or entity is None or entity.revision == payload.base:
            return None
        return Fault("stale", (FieldError("/base", "field.value"),))

    def _carry_out(self, one: Sent, decision: Decision, judged: Judged) -> Outcome:
        match decision:
            case Stored() if judged.author is not None:
                return Outcome(decision, self._append(one.prepared, judged, judged.author))
            case Duplicate(receipt):
                self._complete(one.prepared)
                return Outcome(decision, receipt)
            case Held():
                return Outcome(self._wait(one, decision))
            case Rejected(fault):
                return Outcome(self._refuse(one, fault, judged))
            case _:
                return Outcome(self._postpone(one, decision, judged))

    def _refuse(self, one: Sent, fault: Fault, judged: Judged) -> Decision:
        if judged.details and fault.code == judged.judgement:
            fault = replace(fault, details=judged.details)
        if fault.code != "id-reuse":
            self._refused.append((one.prepared, fault))
        return Rejected(fault)

    def _find_missing(self, prepared: Prepared) -> tuple[UUID, ...]:
        wanted = _unique((*prepared.document.payload.after, *prepared.refers_to))
        return tuple(document_id for document_id in wanted if document_id not in self._known)

    def _hold(self, one: Sent, missing: tuple[UUID, ...]) -> Decision:
        if not self._backlog.hold(one.prepared, missing, one.pusher):
            return Later("quota")
        return Held(missing, is_new=True)

    def _wait(self, one: Sent, decision: Held) -> Decision:
        if decision.is_new:
            return self._hold(one, decision.missing)
        if not decision.missing:
            self._backlog.quarantine(_key(one))
        self._hold_more(one)
        return decision

    def _postpone(self, one: Sent, decision: Decision, judged: Judged) -> Decision:
        """Go on holding what meets a quota while it waits here: its sender relies on it."""
        if decision != Later("quota") or judged.author is None:
            return decision
        if not self._backlog.postpone(_key(one), judged.author):
            return decision
        self._hold_more(one)
        return Held((), is_new=False)

    def _hold_more(self, one: Sent) -> None:
        """Keep the values that a repeat of what waits brings."""
        self._late.add_held(one.prepared.document)
        earlier = self._backlog.find_new(_key(one))
        if earlier is not None:
            completed = self._folder.prepare(self._late.complete(earlier.document))
            self._backlog.complete(_key(one), completed)

    def _complete(self, prepared: Prepared) -> None:
        """Add the values that came without the document before; erased ones stay erased."""
        new = self._late.find_new(prepared.document)
        if new is not None and self._folder.complete(self._workspace, prepared):
            self._late.add(new)

    def _append(self, prepared: Prepared, judged: Judged, author: UUID) -> str:
        entry = make_entry(self._log, self._head, prepared, judged, author, keys=self._keys)
        self._head = Head(entry.pos, entry.chain, entry.received_ms)
        self._known[prepared.document.id] = Known(prepared.document.hash, entry.receipt)
        self._entries.append(entry)
        self._late.settle(prepared.document)
        self._folder.fold(self._workspace, entry)
        return entry.receipt

    async def _release(self) -> dict[Key, Outcome]:
        """Apply what waited for the documents just appended, until nothing more follows."""
        outcomes: dict[Key, Outcome] = {}
        done = 0
        while done < len(self._entries):
            new = self._entries[done:]
            arrived = [id for one in new for id in (one.document.id, *one.prepared.frees)]
            done = len(self._entries)
            ready = await self._find_ready(arrived)
            outcomes |= {_key(one): self._decide_again(one) for one in ready}
        return outcomes

    def _decide_again(self, one: Sent) -> Outcome:
        outcome = self._decide(one)
        if not isinstance(outcome.decision, Held):
            self._backlog.leave(_key(one))
        return outcome

    async def _find_ready(self, arrived: Sequence[UUID]) -> list[Sent]:
        stored = [
            Sent(self._folder.prepare(self._read_waiting(waiting)), waiting.pusher)
            for waiting in await self._backlog.find_ready(self._tx, self._log, arrived)
        ]
        await self._load(stored)
        now = [Sent(prepared, pusher) for prepared, pusher in self._backlog.list_new()]
        return [one for one in (*stored, *now) if not self._find_missing(one.prepared)]

    def _read_waiting(self, waiting: backlog_store.Waiting) -> Document:
        return self._late.complete(read_document(waiting.item))

    async def _write(self) -> None:
        if self._entries:
            await store.append_entries(self._tx, self._log, self._entries)
            await store.save_head(self._tx, self._log, self._head)
            await store.save_number(self._tx, self._log, self._keys.gateway_kid, self._entries)
        await store.save_entities(self._tx, self._entities.changed)
        await self._folder.keep(self._tx, self._workspace)
        await self._backlog.write(self._tx, self._log, self._now_ms)
        await self._late.write(self._tx, self._log)
        await backlog_store.record_refusals(self._tx, self._log, self._refused, self._now_ms)


def _key(one: Sent) -> Key:
    return one.prepared.document.id, one.prepared.document.hash


def _unique(ids: Iterable[UUID]) -> list[UUID]:
    return list(dict.fromkeys(ids))
