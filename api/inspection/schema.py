"""Whether a database has the tables, indexes and triggers that its migrations make, and no others.

Without its triggers the log is no longer append-only; with others it may change as it is written.
"""

from api.database.engine import Snapshot, Transaction
from api.inspection.store import list_erasures

_ERASURES = ("table", "erasures")


async def compare_schema(held: Snapshot, pattern: Snapshot, log: str) -> list[str]:
    """Return a line for each object that is missing, added or changed, and for each erasure."""
    ours, theirs = await held.list_schema(), await pattern.list_schema()
    wrong = [
        f"{kind} {name}: is missing"
        if (kind, name) not in ours
        else f"{kind} {name!r}: is not of this program"
        if (kind, name) not in theirs
        else f"{kind} {name}: is not as this program makes it"
        for kind, name in sorted(ours.keys() | theirs.keys())
        if ours.get((kind, name)) != theirs.get((kind, name))
    ]
    # Columns that are not there cannot be asked for.
    can_ask = _ERASURES in ours and ours[_ERASURES] == theirs.get(_ERASURES)
    return [*wrong, *(await _find_erasures(held, log) if can_ask else [])]


async def _find_erasures(held: Transaction, log: str) -> list[str]:
    """Return a line for each: no document of this version erases anything (api/README.md)."""
    try:
        return [
            f"erasures {document_id} {name}: has no origin in the log"
            for document_id, name in await list_erasures(held, log)
        ]
    except (ValueError, TypeError):
        return ["erasures: a row cannot be read"]
