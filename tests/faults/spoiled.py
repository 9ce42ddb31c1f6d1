"""A register with a defect: it cannot decide some stays, whatever it tries.

It is an earlier version of itself in which one document in a hundred met a mistake of the program.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from api import app
from api.__main__ import main
from api.database.engine import Transaction
from api.ledger.committer import Committer
from api.ledger.group import Outcome, Sent
from sync.document import uuid7

ONE_IN = 100


class SpoiledCommitter(Committer[Any]):
    """Fails on a stay by its id."""

    async def _decide(
        self, tx: Transaction, sent: Sequence[Sent], *, releases: bool
    ) -> list[Outcome]:
        for one in sent:
            document = one.prepared.document
            if document.payload.kind == "stay" and is_poison(document.id):
                raise ArithmeticError("a defect of the program")
        return await super()._decide(tx, sent, releases=releases)


def is_poison(id: UUID) -> bool:
    """Say whether this register fails on a stay of this id."""
    return id.int % ONE_IN == 0


def make_poison() -> UUID:
    """Return an id of a stay that this register fails on."""
    id = uuid7()
    return UUID(int=id.int - id.int % ONE_IN)


def run_spoiled(arguments: list[str]) -> int:
    """Run `sangkat` with this committer."""
    app.Committer = SpoiledCommitter
    return main(arguments)
