"""What an owner declared is told again to the police once the owner is verified.

A verification touches no entry, and yet every one of them reads differently afterwards.
"""

from typing import Final
from uuid import UUID

from msgspec import Struct

from api.database.engine import Transaction
from api.ledger.reading_store import Logged, list_verifications, list_written
from api.ledger.records import Entity, Scope
from api.views.rules import fit

_TOLD_MAX: Final = 1_000
"""An unverified owner may declare about half as much."""


class Again(Struct, frozen=True):
    """Entries to tell again, and up to which position of the log they were looked for."""

    entries: list[Logged]
    until: int


async def list_again(tx: Transaction, log: str, scope: Scope, *, after: int, until: int) -> Again:
    """Return what the next owner had declared who was verified with `after < pos <= until`.

    One owner at most for an answer, as much as a page takes. Owners themselves read their entries
    alike before and after.
    """
    if scope.account_id is not None:
        return Again([], until)
    for verification in await list_verifications(tx, log, after=after, until=until):
        author = UUID(verification.body["account_id"])
        if written := fit(await list_written(tx, log, scope, author, _TOLD_MAX)):
            told = [_describe(verification, entity) for entity in written]
            return Again(told, verification.created_pos)
    return Again([], until)


def _describe(verification: Entity, entity: Entity) -> Logged:
    return Logged(
        verification.created_pos,
        verification.entity,
        b"",
        verification.kind,
        entity.entity,
        entity.place,
        verification.received_ms,
    )
