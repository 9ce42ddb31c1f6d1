"""Personal values of a history: which ones reached the register, and which were erased for ever."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from sync.messages import Item
from tests.simulation.oracle import Entry

Value = tuple[UUID, str]


class Values:
    """What must be beside the log: everything that was ever brought, but for what was erased."""

    def __init__(self) -> None:
        self.brought: set[Value] = set()
        self.erased: set[Value] = set()

    def bring(self, id: UUID, item: Item) -> None:
        """Remember what came with a document that the register took, or had already."""
        self.brought |= {(id, name) for name in item.disclosures or {}}


async def read_values(tx: Transaction) -> Values:
    """Return what a restored register holds: what came or was erased later it cannot know."""
    values = Values()
    erased = await tx.all("SELECT id, name FROM erasures")
    values.erased = {(UUID(bytes=id), name) for id, name in erased}
    values.brought = {(id, name) for id, name, _ in await list_values(tx)} | values.erased
    for id, item in await tx.all("SELECT id, item FROM backlog"):
        values.bring(UUID(bytes=id), msgspec.json.decode(item, type=Item))
    return values


async def list_values(tx: Transaction) -> list[tuple[UUID, str, str]]:
    rows = await tx.all("SELECT id, name, bytes FROM disclosures")
    return [(UUID(bytes=id), name, text.decode()) for id, name, text in rows]


async def check_values(
    tx: Transaction, values: Values, log: list[Entry], items: Mapping[UUID, Item]
) -> None:
    """Check that each value that came is there as it was signed, and none that was erased."""
    there = {(id, name): text for id, name, text in await list_values(tx) if id in items}
    back = values.erased & set(there)
    assert not back, f"erased and there again: {back}"
    logged = {entry.id for entry in log if entry.payload["kind"] == "stay"}
    expected = {value for value in values.brought if value[0] in logged} - values.erased
    lacking = expected - set(there)
    assert not lacking, f"brought and not there: {lacking}"
    for (id, name), text in there.items():
        assert text == (items[id].disclosures or {})[name], "another value"
