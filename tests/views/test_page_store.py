"""Every list of entries is read from one index in the order of the answer, never sorted."""

from uuid import UUID

import pytest

from api.database.engine import Transaction
from api.ledger.records import Entity, Scope
from api.ledger.store import load_entities
from api.marks.store import load_surroundings
from api.review.store import count_waiting, list_waiting
from api.views.page_store import list_ids
from api.views.records import Slice, Wanted
from tests import makers
from tests.explaining import Explaining
from tests.makers import LOG, SANGKAT_1, SANGKAT_4
from tests.world import World

PART = Slice(None, 50)
STAYS = Wanted(kind="stay")
PENDING = Wanted(kind="stay", effect="pending")
EVERYWHERE = Scope(places=(SANGKAT_4, SANGKAT_1), everything=True)


@pytest.mark.parametrize(
    ("scope", "wanted", "indexes"),
    [
        (Scope(places=(SANGKAT_4,)), STAYS, {"entities_by_place"}),
        (Scope(places=(SANGKAT_4,)), PENDING, {"entities_by_place_effect"}),
        (Scope(places=(SANGKAT_4, SANGKAT_1)), STAYS, {"entities_by_place"}),
        (Scope(places=(SANGKAT_4, SANGKAT_1)), PENDING, {"entities_by_place_effect"}),
        (EVERYWHERE, STAYS, {"entities_by_kind"}),
        (EVERYWHERE, PENDING, {"entities_by_place_effect"}),
        (EVERYWHERE, Wanted(kind="stay", place=SANGKAT_4), {"entities_by_place"}),
        (EVERYWHERE, Wanted(kind="stay", premises_id=UUID(int=1)), {"entities_by_premises"}),
        (
            Scope(account_id=UUID(int=1)),
            STAYS,
            {"entities_by_author", "entities_by_premises", "premises_grants_by_account"},
        ),
    ],
)
async def test_a_list_is_read_from_its_index_in_order(
    world: World, scope: Scope, wanted: Wanted, indexes: set[str]
):
    premises_id = await world.owner.send_premises()
    own = Scope(account_id=world.owner.account_id)
    async with world.register.engine.reading() as tx:
        explaining = Explaining(tx)
        found = await list_ids(explaining, LOG, own if scope.account_id else scope, wanted, PART)
    searches = [plan for plan in explaining.plans if "INDEX" in plan]
    assert {plan.split("INDEX ")[1].split(" ")[0] for plan in searches} == indexes
    assert [plan for plan in explaining.plans if "SCAN" in plan or "ORDER BY" in plan] == []
    assert premises_id not in found


async def test_what_answers_a_verdict_is_found_without_all_that_waits(world: World):
    await world.owner.send_premises()
    async with world.register.engine.reading() as tx:
        explaining = Explaining(tx)
        assert (await count_waiting(explaining, LOG, [SANGKAT_4]))["unverified"].count == 1
        await list_waiting(explaining, LOG, [SANGKAT_4], "corrected", PART)
    amended = [plan for plan in explaining.plans if "entities_amended" in plan]
    assert len(amended) == len(["counted", "listed"])
    assert [plan for plan in explaining.plans if "SCAN" in plan or "ORDER BY" in plan] == []


@pytest.mark.parametrize("scope", [EVERYWHERE, Scope(places=(SANGKAT_4, SANGKAT_1))])
async def test_marks_of_a_page_read_no_list_whole(world: World, scope: Scope):
    premises_id = await world.owner.send_premises()
    await world.owner.send(
        "stay",
        makers.make_stay(premises_id, work={"employer": "TEST DATA Casino"}),
        disclosed={
            "identity": makers.make_identity(),
            "document": makers.make_document(),
            "contact": {"phone": "+85512000077"},
        },
    )
    async with world.register.engine.reading() as tx:
        explaining = Explaining(tx)
        await load_surroundings(explaining, LOG, await list_entities(tx), scope)
    assert explaining.plans
    walks = [plan for plan in explaining.plans if plan.startswith("SCAN")]
    # What a limit has cut off before is no list.
    assert [plan for plan in walks if plan != "SCAN cut"] == []
    assert [plan for plan in explaining.plans if "document_key>?" in plan] == []
    of_shared = ("stays_by_phone", "stays_by_employer", "stays_by_series")
    used = {name for name in of_shared for plan in explaining.plans if f"{name} " in plan}
    assert used == set(of_shared)


async def list_entities(tx: Transaction) -> list[Entity]:
    rows = await tx.all("SELECT entity FROM entities WHERE kind IN ('stay', 'premises')")
    found = await load_entities(tx, LOG, [UUID(bytes=row[0]) for row in rows])
    return list(found.values())
