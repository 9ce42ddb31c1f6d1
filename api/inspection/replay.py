"""Folds the log anew, in order, into an empty database, with the code that folded it at first."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from api.authority import AccountAuthority
from api.database.engine import Transaction
from api.intake import Intake, Workspace
from api.ledger.group import Group, Sent
from api.ledger.keys import RegisterKeys
from api.ledger.records import Entities, Entry, Judged, Prepared, Pusher
from api.places.records import Places
from sync.custody import Fault, Stored
from sync.document import Document
from sync.keys import new_private_key


class Replay:
    """One log on its way into a scratch database; what today's rules would refuse is noted."""

    def __init__(self, log: str, places: Places, gateway_kid: str) -> None:
        """Sign receipts with keys that are thrown away: nothing here leaves the inspection."""
        self._log = log
        self._folder = _Folder(Intake(log, places, is_demonstration=True))
        self._authority = _Authority(gateway_kid)
        self._keys = RegisterKeys(new_private_key(), new_private_key(), ())
        self.is_complete = True

    @property
    def grades(self) -> dict[UUID, str]:
        """The grade of every document so far."""
        return self._authority.grades

    async def append(
        self, tx: Transaction, documents: Sequence[Document], received_ms: int
    ) -> dict[UUID, list[str]]:
        """Append documents that were received together; return what is wrong, by document."""
        prepared = [self._folder.prepare(document) for document in documents]
        sent = [Sent(one, Pusher(None)) for one in prepared]
        group = Group(
            tx,
            self._log,
            self._folder,
            self._authority,
            keys=self._keys,
            now_ms=received_ms,
        )
        outcomes = await group.run(sent)
        found = {**self._folder.take_faults(), **self._authority.take_refusals()}
        for one, outcome in zip(prepared, outcomes, strict=True):
            if not isinstance(outcome.decision, Stored):
                self.is_complete = False
                decision = type(outcome.decision).__name__.lower()
                found.setdefault(one.document.id, []).append(f"folded anew it is {decision}")
        return found


class _Folder:
    """Folds everything that the log holds, noting what would be refused as a new document."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._faults: dict[UUID, list[str]] = {}

    def take_faults(self) -> dict[UUID, list[str]]:
        """Return what was noted since the last time."""
        faults, self._faults = self._faults, {}
        return faults

    def prepare(self, document: Document) -> Prepared:
        """Open a document; a fault of its content is noted."""
        prepared = self._intake.prepare(document)
        self._note(document, prepared.fault)
        return msgspec.structs.replace(prepared, fault=None)

    async def load(
        self,
        tx: Transaction,
        documents: Sequence[Prepared],
        entities: Entities,
        work: Workspace | None,
    ) -> Workspace:
        """Load as the intake does."""
        return await self._intake.load(tx, documents, entities, work)

    def check(self, work: Workspace, prepared: Prepared) -> Fault | None:
        """Let it stand; a contradiction is noted."""
        self._note(prepared.document, self._intake.check(work, prepared))

    def fold(self, work: Workspace, entry: Entry) -> None:
        """Fold as the intake does."""
        self._intake.fold(work, entry)

    def complete(self, work: Workspace, prepared: Prepared) -> bool:
        """Complete as the intake does; in a log each document stands once."""
        return self._intake.complete(work, prepared)

    async def keep(self, tx: Transaction, work: Workspace) -> None:
        """Write as the intake does."""
        await self._intake.keep(tx, work)

    def _note(self, document: Document, fault: Fault | None) -> None:
        if fault is not None:
            said = f"its content would be refused ({fault.code})"
            self._faults.setdefault(document.id, []).append(said)


class _Authority:
    """Says who wrote each document; one that its author might not write is noted and stands."""

    def __init__(self, gateway_kid: str) -> None:
        self._gateway_kid = gateway_kid
        self._refusals: dict[UUID, list[str]] = {}
        self.grades: dict[UUID, str] = {}

    def take_refusals(self) -> dict[UUID, list[str]]:
        """Return what was noted since the last time."""
        refusals, self._refusals = self._refusals, {}
        return refusals

    def may_send(self, work: Workspace, prepared: Prepared, pusher: Pusher) -> bool:
        """Let everything stand that was sent."""
        del work, prepared, pusher
        return True

    def judge(self, work: Workspace, prepared: Prepared, pusher: Pusher, now_ms: int) -> Judged:
        """Judge as of the instant at which the document was received, and let it stand."""
        authority = AccountAuthority(self._register_kid(work, prepared))
        judged = authority.judge(work, prepared, pusher, now_ms)
        document_id = prepared.document.id
        self.grades[document_id] = judged.grade
        if judged.judgement != "allowed":
            said = f"its author may not write it ({judged.judgement})"
            self._refusals.setdefault(document_id, []).append(said)
        author = judged.author or document_id
        return msgspec.structs.replace(judged, judgement="allowed", author=author)

    def _register_kid(self, work: Workspace, prepared: Prepared) -> str:
        """Return the document's own key when it was the register's at that time, else today's."""
        kid = prepared.document.kid
        device = work.rights.devices.get(kid)
        account = None if device is None else work.rights.accounts.get(device.account_id)
        is_register = account is not None and account.role == "register"
        return kid if is_register else self._gateway_kid
