"""Personal values that arrive after the document they belong to, within one transaction.

Apart from deciding, because custody is the same with and without them: a relay may withhold the
values that travel beside a signature, and their author brings them with his own push.
"""

from collections.abc import Sequence
from uuid import UUID

from api.database.engine import Transaction
from api.ledger import backlog_store, store
from api.ledger.records import Key
from sync.document import Document, carry, read_document


class LateValues:
    """Which disclosures the log has or had, and which come to it or to the backlog now."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._settled: set[tuple[UUID, str]] = set()
        self._stored: list[Document] = []
        self._held: dict[Key, dict[str, str]] = {}

    async def load(self, tx: Transaction, log: str, repeated: Sequence[Document]) -> None:
        """Learn what of these documents is stored already, or was erased for ever."""
        ids = [one.id for one in repeated if one.item.disclosures]
        self._settled |= await store.find_disclosed(tx, log, ids)

    def settle(self, document: Document) -> None:
        """Know the disclosures of a document that is appended with them."""
        self._settled |= {(document.id, name) for name in document.item.disclosures or {}}

    def find_new(self, document: Document) -> Document | None:
        """Return the document with only what it brings that was never here, if there is any."""
        given = document.item.disclosures or {}
        new = {
            name: text for name, text in given.items() if (document.id, name) not in self._settled
        }
        return carry(document, new) if new else None

    def add(self, document: Document) -> None:
        """Store the disclosures that `find_new` left."""
        self.settle(document)
        self._stored.append(document)

    def add_held(self, document: Document) -> None:
        """Keep what a repeat of a waiting document brings."""
        given = document.item.disclosures or {}
        if given:
            key = (document.id, document.hash)
            self._held[key] = {**self._held.get(key, {}), **given}

    def complete(self, document: Document) -> Document:
        """Return a document that waited with everything that came for it since."""
        late = self._held.get((document.id, document.hash))
        if late is None:
            return document
        return carry(document, {**late, **(document.item.disclosures or {})})

    async def write(self, tx: Transaction, log: str) -> None:
        """Write what came to the log, and to what goes on waiting."""
        await store.add_disclosures(tx, log, self._stored)
        waiting = await backlog_store.load_items(tx, log, list(self._held))
        completed = [self.complete(read_document(item)) for item in waiting]
        await backlog_store.save_items(tx, log, completed)
