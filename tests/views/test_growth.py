"""What a read costs does not grow with what the register holds: SQLite's steps, not time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from api.database.sqlite import SqliteEngine
from api.marks import store as marks_store
from tests import makers
from tests.makers import DISTRICT, LOG, SANGKAT_1, SANGKAT_4
from tests.world import Device, World

STEPS_A_COUNT = 10
MANY = 300
FEW = 5
# Trees get deeper, that is all.
GROWTH_MAX = 1.2
STANDING = UUID("019b8b74-1800-7000-8000-000000002026")
Read = tuple[str, dict[str, object]]
LISTS: tuple[Read, ...] = (
    ("/v1/stays", {}),
    ("/v1/stays", {"effect": "pending"}),
    ("/v1/stays", {"effect": "returned"}),
    ("/v1/premises", {}),
    ("/v1/premises", {"effect": "pending"}),
    ("/v1/declarations", {}),
)
WAITING: tuple[Read, ...] = (
    (f"/v1/communes/{SANGKAT_4}/inbox", {}),
    ("/v1/review/fresh", {}),
    ("/v1/review/corrected", {}),
    ("/v1/review/conflict", {}),
)
OF_ALL: tuple[Read, ...] = (
    ("/v1/review", {}),
    ("/v1/review/overdue", {}),
    ("/v1/coverage", {"order_id": str(STANDING)}),
)


class Steps:
    """How many steps of SQLite's machine the reader took."""

    count = 0

    def take(self) -> int:
        self.count += STEPS_A_COUNT
        return 0


@asynccontextmanager
async def counting(world: World) -> AsyncIterator[Steps]:
    """Count the reader's steps until the block ends."""
    engine = world.register.engine
    assert isinstance(engine, SqliteEngine)
    steps, reader = Steps(), engine._reader
    await reader.set_progress_handler(steps.take, STEPS_A_COUNT)
    yield steps
    await reader.set_progress_handler(lambda: 0, 0)


async def count_reads(
    world: World, readers: dict[str, Device], reads: tuple[Read, ...]
) -> dict[str, int]:
    """Return what each of these costs each of these readers."""
    counts: dict[str, int] = {}
    for name, device in readers.items():
        for path, asked in reads:
            async with counting(world) as steps:
                await device.read(path, **asked, limit=FEW)
            counts[f"{name} {path} {asked}"] = steps.count
    return counts


async def declare(owner: Device, count: int, place: str = SANGKAT_4) -> None:
    """Declare premises, so many people who live there, and all of it under the standing order."""
    premises_id = await owner.send_premises(place=place)
    stays = [
        owner.compose(
            "stay",
            makers.make_stay(premises_id, work={"employer": "TEST DATA Casino"}),
            place=place,
            after=[premises_id],
            disclosed={
                "identity": makers.make_identity(),
                "document": makers.make_document(f"{premises_id.hex[-6:]}{number}"),
                "contact": {"phone": "+85512000077"},
            },
        )
        for number in range(count)
    ]
    for first in range(0, count, 100):
        await owner.push(*stays[first : first + 100])
    body = makers.make_declaration(premises_id, STANDING)
    await owner.send("declaration", body, place=place, after=[premises_id, STANDING])


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Return what costs more than before."""
    return {
        name: (before[name], after[name])
        for name in before
        if after[name] > GROWTH_MAX * before[name] + STEPS_A_COUNT
    }


async def test_a_part_of_a_list_costs_the_same_in_a_large_register(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    # As many as share one employer before already.
    monkeypatch.setattr(marks_store, "SHARED_MAX", FEW)
    await world.verify(world.owner)
    for place in (SANGKAT_4, SANGKAT_1) * FEW:
        await declare(world.owner, FEW, place)
    neighbour = await world.new_owner()
    await world.verify(neighbour)
    police = {
        "officer": world.officer,
        "district": await world.new_officer(DISTRICT, role="district"),
        "province": await world.new_officer(LOG, role="province"),
    }
    readers = {"owner": world.owner, "program": world.client, **police}
    before = await count_reads(world, readers, LISTS)
    before |= await count_reads(world, police, WAITING)
    # In buildings like those before: marks of a declaration look at who is in its building.
    for place in (SANGKAT_1, SANGKAT_4):
        for _ in range(MANY // FEW):
            await declare(neighbour, FEW, place)
    after = await count_reads(world, readers, LISTS)
    after |= await count_reads(world, police, WAITING)
    assert grown(before, after) == {}


async def test_the_work_of_a_post_costs_the_same_however_much_waits_elsewhere(world: World):
    await world.verify(world.owner)
    for _ in range(FEW):
        await declare(world.owner, FEW)
    neighbour = await world.new_owner()
    await world.verify(neighbour)
    officer = {"officer": world.officer}
    before = await count_reads(world, officer, OF_ALL)
    for _ in range(FEW):
        await declare(neighbour, MANY // FEW, SANGKAT_1)
    assert grown(before, await count_reads(world, officer, OF_ALL)) == {}
