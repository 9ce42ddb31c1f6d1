"""Every list of entries is read from one index in the order of the answer, never sorted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from api.database.sqlite import SqliteTransaction
from api.ledger.reading_store import Scope
from api.ledger.store import load_entities
from api.marks.store import load_surroundings
from api.views.page_store import list_ids
from api.views.records import Slice, Wanted
from tests.makers import LOG, SANGKAT_1, SANGKAT_4
from tests.world import World

PART = Slice(None, 50)
STAYS = Wanted(kind="stay")
PENDING = Wanted(kind="stay", effect="pending")


@contextmanager
def plans_of(found: list[str]) -> Iterator[type[SqliteTransaction]]:
    """A transaction that notes the plan of each statement before it runs it."""

    class Explaining(SqliteTransaction):
        async def all(self, sql: str, /, **parameters: Any) -> Any:
            rows = await super().all(f"EXPLAIN QUERY PLAN {sql}", **parameters)
            found.extend(row[3] for row in rows)
            return await super().all(sql, **parameters)

    yield Explaining


@pytest.mark.parametrize(
    ("scope", "wanted", "index"),
    [
        (Scope(places=(SANGKAT_4,)), STAYS, "entities_by_place"),
        (Scope(places=(SANGKAT_4,)), PENDING, "entities_by_place_effect"),
        (Scope(places=(SANGKAT_4, SANGKAT_1)), STAYS, "entities_by_kind"),
        (Scope(places=(SANGKAT_4, SANGKAT_1)), PENDING, "entities_by_effect"),
        (Scope(everything=True), STAYS, "entities_by_kind"),
        (Scope(everything=True), PENDING, "entities_by_effect"),
        (Scope(everything=True), Wanted(kind="stay", place=SANGKAT_4), "entities_by_place"),
        (
            Scope(everything=True),
            Wanted(kind="stay", premises_id=UUID(int=1)),
            "entities_by_premises",
        ),
    ],
)
async def test_a_list_is_read_from_its_index_in_order(
    world: World, scope: Scope, wanted: Wanted, index: str
):
    plans: list[str] = []
    async with world.register.engine.reading() as tx:
        assert isinstance(tx, SqliteTransaction)
        with plans_of(plans) as explaining:
            await list_ids(explaining(tx._connection), LOG, scope, wanted, PART)
    (plan,) = plans
    assert f" {index} (" in plan


async def test_marks_of_a_page_read_no_list_whole(world: World):
    premises_id = await world.owner.send_premises()
    await world.owner.send_stay(premises_id)
    plans: list[str] = []
    async with world.register.engine.reading() as tx:
        assert isinstance(tx, SqliteTransaction)
        entities = await world_entities(tx)
        with plans_of(plans) as explaining:
            await load_surroundings(explaining(tx._connection), LOG, entities)
    assert plans
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
    assert [plan for plan in plans if "document_key>?" in plan] == []


async def world_entities(tx: SqliteTransaction) -> list[Any]:
    rows = await tx.all("SELECT entity FROM entities WHERE kind IN ('stay', 'premises')")
    found = await load_entities(tx, LOG, [UUID(bytes=row[0]) for row in rows])
    return list(found.values())
