"""Hands documents that belong together to the committer, the one way into the log."""

from collections.abc import Sequence

from api.database.engine import Work
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.problems import Unprocessable
from api.register import Register
from sync.custody import Duplicate, Rejected, Stored
from sync.document import read_document
from sync.messages import Item


async def submit(
    register: Register, items: Sequence[Item], first: Work[None] | None = None
) -> bool:
    """Store documents together or none, and say whether they are new.

    Raises Unprocessable with the code of the first refusal. `first` runs before them in the same
    transaction: what it raises undoes everything.
    """
    sent = [Sent(register.folder.prepare(read_document(item)), Pusher(None)) for item in items]
    is_new = False
    for outcome in await register.committer.submit_whole(sent, first):
        match outcome.decision:
            case Stored():
                is_new = True
            case Duplicate():
                continue
            case Rejected(fault):
                raise Unprocessable(fault.code, errors=fault.errors)
            case _:
                raise Unprocessable("dependency")
    return is_new
