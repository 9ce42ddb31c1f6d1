"""Kind of document → the slice that reads and folds it, with the state that its fold needs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api.accounts import store as accounts_store
from api.accounts.records import Verification
from api.database.engine import Transaction
from api.declarations import store as declarations_store
from api.intake import checking, folding, workspace
from api.intake.kinds import KINDS, Kind
from api.intake.reading import check_links, list_references, read
from api.intake.workspace import Workspace
from api.ledger.bodies import check_texts, schema_fault
from api.ledger.records import Entities, Entry, Prepared
from api.places.records import Places
from api.pledges import store as pledges_store
from api.premises import store as premises_store
from api.quarantine import store as quarantine_store
from api.quarantine.records import Adoption
from api.stays import store as stays_store
from api.stays.rules import SPECIMEN
from sync.custody import Fault
from sync.document import Document
from sync.messages import FieldError

__all__ = ["KINDS", "Intake", "Workspace"]


class Intake:
    """The committer's Folder: it opens bodies, loads state, checks contradictions and folds."""

    def __init__(self, log: str, places: Places, *, is_demonstration: bool = False) -> None:
        """Serve one log whose documents may name these places."""
        self._is_demonstration = is_demonstration
        self._log = log
        self._places = places.ids
        self._communes = frozenset(place.place_id for place in places.communes)

    def prepare(self, document: Document) -> Prepared:
        """Open and check a document's body without a database."""
        payload, body = document.payload, document.body
        kind = KINDS.get(payload.kind)
        if kind is None or payload.v != 1:
            return Prepared(document, body, is_known_kind=False)
        errors = self._check_frame(document, kind, body)
        record, disclosed, more = read(document, kind, body)
        return Prepared(
            document,
            body,
            record,
            disclosed=disclosed,
            fault=schema_fault((*errors, *more)),
            personal=tuple(name for name in kind.disclosures if isinstance(body.get(name), str)),
            refers_to=list_references(document, kind, body),
            frees=_list_freed(record),
        )

    def _check_frame(
        self, document: Document, kind: Kind, body: dict[str, Any]
    ) -> tuple[FieldError, ...]:
        payload = document.payload
        errors = list(check_texts(body, "/body", bytes(payload.body).decode()))
        if payload.log != self._log:
            errors.append(FieldError("/log", "log.elsewhere"))
        # What people declare is some commune's: nobody's list would show it under a district.
        if payload.place not in (self._communes if kind.is_reviewed else self._places):
            errors.append(FieldError("/place", "field.value"))
        if not self._is_demonstration and body.get("nationality") == SPECIMEN:
            errors.append(FieldError("/body/nationality", "field.value"))
        return (*errors, *check_links(document, kind, body))

    async def load(
        self,
        tx: Transaction,
        documents: Sequence[Prepared],
        entities: Entities,
        work: Workspace | None,
    ) -> Workspace:
        """Load rows for these documents; what an earlier load brought stands."""
        loaded = await workspace.load(tx, self._log, documents, entities)
        if work is None:
            return loaded
        work.merge(loaded)
        return work

    def check(self, work: Workspace, prepared: Prepared) -> Fault | None:
        """Return why the document contradicts what it refers to, or None."""
        return checking.check(work, prepared, drafts_may_be_signed=self._is_demonstration)

    def fold(self, work: Workspace, entry: Entry) -> None:
        """Change the workspace as the document says."""
        folding.fold(work, entry)

    def complete(self, work: Workspace, prepared: Prepared) -> bool:
        """Fold values that came after their document; False when they are not what they must be."""
        is_sound = checking.check_values(work, prepared) is None
        if is_sound:
            folding.complete(work, prepared)
        return is_sound

    async def keep(self, tx: Transaction, work: Workspace) -> None:
        """Write the rows that folding changed."""
        await accounts_store.save_rights(tx, work.rights)
        await premises_store.save(tx, work.premises.changed)
        await stays_store.save(tx, work.stays.changed)
        await declarations_store.save(tx, work.declarations.changed)
        await pledges_store.save(tx, work.pledges.changed)
        await quarantine_store.save(tx, work.adoptions.changed)


def _list_freed(record: object) -> tuple[UUID, ...]:
    """Return what waits for a verdict on it, or for its author to be verified."""
    match record:
        case Adoption(document_id=freed) | Verification(account_id=freed):
            return (freed,)
        case _:
            return ()
