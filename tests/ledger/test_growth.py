"""What a push costs does not grow with what the register holds: SQLite's steps, not time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from api.database.sqlite import SqliteEngine
from sync.document import uuid7
from sync.messages import Item
from tests import makers
from tests.world import Device, World

pytestmark = pytest.mark.sqlite

STEPS_A_COUNT = 20
MANY = 300
# Trees get deeper, that is all.
GROWTH_MAX = 1.5


class Steps:
    """How many steps of SQLite's machine the writer took."""

    count = 0

    def take(self) -> int:
        self.count += STEPS_A_COUNT
        return 0


@asynccontextmanager
async def counting(world: World) -> AsyncIterator[Steps]:
    """Count the writer's steps until the block ends."""
    engine = world.register.engine
    assert isinstance(engine, SqliteEngine)
    steps, writer = Steps(), engine._writer
    await writer.set_progress_handler(steps.take, STEPS_A_COUNT)
    yield steps
    await writer.set_progress_handler(lambda: 0, 0)


async def count_correction(world: World) -> int:
    """Declare a stay and correct it; return what the correction cost."""
    premises_id = await world.owner.send_premises()
    document = makers.make_document(f"P{uuid7().hex[-8:]}")
    stay_id = await world.owner.send_stay(premises_id, document=document)
    async with counting(world) as steps:
        await world.owner.send("stay", {"unit": "14"}, revises=(stay_id, stay_id), after=[stay_id])
    return steps.count


async def count_release(world: World) -> int:
    """Let a stay arrive before its premises; return what it cost to put both in the log."""
    premises_id = uuid7(world.clock())
    stay = compose_stay(world.owner, premises_id, f"R{uuid7().hex[-8:]}")
    [held] = await world.owner.push(stay)
    assert held["custody"] == "held"
    contact = {"owner": makers.make_contact()}
    async with counting(world) as steps:
        await world.owner.send(
            "premises", makers.make_premises(), id=premises_id, disclosed={"contact": contact}
        )
    return steps.count


def compose_stay(owner: Device, premises_id: object, number: str) -> Item:
    disclosed = {
        "identity": makers.make_identity(secondary=f"TEST {number}"),
        "document": makers.make_document(number),
    }
    body = makers.make_stay(str(premises_id))
    return owner.compose("stay", body, disclosed=disclosed, after=[premises_id])


async def fill(world: World) -> None:
    """Register many stays, and let many wait for premises that never come."""
    neighbour = await world.new_owner()
    premises_id, nowhere = await neighbour.send_premises(), uuid7()
    stays = [compose_stay(neighbour, premises_id, f"S{number}") for number in range(MANY)]
    waiting = [compose_stay(neighbour, nowhere, f"W{number}") for number in range(MANY)]
    for first in range(0, MANY, 100):
        await neighbour.push(*stays[first : first + 100])
        await neighbour.push(*waiting[first : first + 100])


async def test_a_correction_costs_the_same_in_a_large_register(world: World):
    await world.verify(world.owner)
    before = await count_correction(world)
    await fill(world)
    assert before > 0
    assert await count_correction(world) < GROWTH_MAX * before


async def test_releasing_a_document_costs_the_same_beside_a_large_backlog(world: World):
    await world.verify(world.owner)
    before = await count_release(world)
    await fill(world)
    assert before > 0
    assert await count_release(world) < GROWTH_MAX * before


async def correct(world: World, stay_id: UUID, base: UUID, unit: int) -> UUID:
    """Correct a revision of a stay; return the new one."""
    return await world.owner.send(
        "stay", {"unit": str(unit)}, revises=(stay_id, base), after=[stay_id]
    )


async def test_the_last_of_many_corrections_costs_what_the_first_did(world: World):
    await world.verify(world.owner)
    revision = stay_id = await world.owner.send_stay(await world.owner.send_premises())
    costs: list[int] = []
    for unit in range(MANY // 5):
        async with counting(world) as steps:
            revision = await correct(world, stay_id, revision, unit)
        costs.append(steps.count)
    assert 0 < costs[-1] < GROWTH_MAX * costs[1]
