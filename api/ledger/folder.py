"""What the committer asks of those above it: a Folder that reads and folds, an Authority."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from api.database.engine import Transaction
from api.ledger.records import Entities, Entry, Judged, Prepared, Pusher
from sync.custody import Fault
from sync.document import Document

W = TypeVar("W")
W_contra = TypeVar("W_contra", contravariant=True)


class Folder(Protocol[W]):
    """What the committer asks of the slices; `W` is their workspace for one transaction."""

    def prepare(self, document: Document) -> Prepared:
        """Open and check a document's body without a database."""
        ...

    async def load(
        self, tx: Transaction, documents: Sequence[Prepared], entities: Entities, work: W | None
    ) -> W:
        """Load what judging, checking and folding these documents needs, into `work` if given."""
        ...

    def check(self, work: W, prepared: Prepared) -> Fault | None:
        """Return why the document contradicts what it refers to, or None."""
        ...

    def fold(self, work: W, entry: Entry) -> None:
        """Change the workspace as the document says; pure but for the workspace."""
        ...

    def complete(self, work: W, prepared: Prepared) -> bool:
        """Fold values that came after their document; False when they are not what they must be."""
        ...

    async def keep(self, tx: Transaction, work: W) -> None:
        """Write the rows that folding changed."""
        ...


class Authority(Protocol[W_contra]):
    """Who may write what, judged when the document is received."""

    def may_send(self, work: W_contra, prepared: Prepared, pusher: Pusher) -> bool:
        """Say whether the sender is the author or may relay, whatever the log already holds."""
        ...

    def judge(self, work: W_contra, prepared: Prepared, pusher: Pusher, now_ms: int) -> Judged:
        """Judge one document whose references are all in the log; `now_ms` is its `received_at`."""
        ...
