"""Every page and print of persons leaves a row before it is shown, whoever asked but the owner."""

import asyncio
from typing import cast
from uuid import UUID

import pytest

from api.audit.records import AuditRow, Look
from api.audit.rules import find_break
from api.audit.store import list_looks
from api.database.engine import Engine
from api.watch import Watch
from tests.makers import DISTRICT, LOG, SANGKAT_4
from tests.world import Device, World

LISTS = {
    "/v1/stays": "stay.list",
    "/v1/premises": "premises.list",
    f"/v1/communes/{SANGKAT_4}/inbox": "communes.inbox",
    "/v1/review/unverified": "review.list",
    "/v1/accounts": "accounts.list",
}


@pytest.fixture
async def premises_id(world: World) -> UUID:
    premises_id = await world.owner.send_premises()
    await world.owner.send_stay(premises_id)
    return premises_id


async def read_looks(world: World) -> list[AuditRow]:
    async with world.register.engine.reading() as tx:
        rows = await list_looks(tx, LOG)
    assert find_break(LOG, rows) is None
    return rows


@pytest.mark.usefixtures("premises_id")
async def test_a_page_of_persons_is_one_row(world: World):
    for path in LISTS:
        await world.officer.read(path)
    looks = [row.look for row in await read_looks(world)]
    assert [look.action for look in looks] == list(LISTS.values())
    assert {look.account_id for look in looks} == {world.officer.account_id}
    assert [look.reason for look in looks[:2]] == ["1 entries", "1 entries"]


async def test_a_list_of_one_building_says_which(world: World, premises_id: UUID):
    await world.officer.read("/v1/stays", premises_id=premises_id)
    (row,) = await read_looks(world)
    assert (row.look.action, row.look.subject) == ("stay.list", premises_id)


@pytest.mark.usefixtures("premises_id")
async def test_programs_and_everybody_above_a_commune_leave_rows_too(world: World):
    readers = [
        world.client,
        await world.new_officer(DISTRICT, role="district"),
        await world.new_officer(LOG, role="province"),
    ]
    for reader in readers:
        await reader.read("/v1/stays")
    rows = await read_looks(world)
    assert [row.look.account_id for row in rows] == [one.account_id for one in readers]


async def pull(device: Device, cursor: str | None = None) -> str:
    answer = await device.post("/v1/sync/pull", {"cursor": cursor, "limit": 500})
    return answer.json()["cursor"]


async def test_a_pull_that_shows_something_is_one_row(world: World, premises_id: UUID):
    cursor = await pull(world.officer)
    await pull(world.officer, cursor)
    (row,) = await read_looks(world)
    assert (row.look.action, row.look.account_id) == ("sync.pull", world.officer.account_id)
    await world.owner.send_stay(premises_id, unit="2")
    await pull(world.officer, cursor)
    assert len(await read_looks(world)) == 2


async def test_a_print_is_put_down_with_what_it_is_for(world: World, premises_id: UUID):
    path = f"/v1/premises/{premises_id}/form.pdf"
    assert (await world.officer.get(path, purpose="visit", language="en")).is_success
    (row,) = await read_looks(world)
    assert (row.look.action, row.look.subject) == ("form.print", premises_id)
    assert row.look.reason == "visit"


async def test_an_owner_reads_and_prints_his_own_unwatched(world: World, premises_id: UUID):
    for path in ("/v1/stays", "/v1/premises", f"/v1/premises/{premises_id}/form.pdf"):
        assert (await world.owner.get(path)).is_success
    await pull(world.owner)
    assert await read_looks(world) == []


async def test_what_shows_nobody_leaves_no_row(world: World):
    for path in LISTS:
        await world.officer.read(path)
    actions = {row.look.action for row in await read_looks(world)}
    assert actions <= {"accounts.list"}


@pytest.mark.usefixtures("premises_id")
async def test_many_who_look_at_once_each_have_a_row(world: World):
    await asyncio.gather(*(world.officer.read("/v1/stays") for _ in range(30)))
    assert [row.n for row in await read_looks(world)] == list(range(1, 31))


@pytest.mark.usefixtures("premises_id")
async def test_who_cannot_be_put_down_is_shown_nothing(world: World):
    async with world.register.engine.writing() as tx:
        await tx.run(
            "CREATE TRIGGER no_room BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    answer = await world.officer.get("/v1/stays")
    assert answer.is_error
    assert "ERIKSSON" not in answer.text
    async with world.register.engine.writing() as tx:
        await tx.run("DROP TRIGGER no_room")
    await world.officer.read("/v1/stays")
    assert len(await read_looks(world)) == 1


class SlowEngine:
    """A writer that waits until it is told to go on."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.goes_on = asyncio.Semaphore(0)

    async def insist(self, work: object) -> None:
        assert work
        self.begun.set()
        await self.goes_on.acquire()


async def test_who_gives_up_while_looks_are_written_takes_nobody_elses_with_him():
    engine = SlowEngine()
    watch = Watch(cast("Engine", engine), LOG, int)
    look = Look(UUID(int=1), "stay.list", None, "1 entries")
    first = asyncio.create_task(watch.put_down(look))
    await engine.begun.wait()
    engine.begun.clear()
    writes, gives_up = (asyncio.create_task(watch.put_down(look)) for _ in range(2))
    engine.goes_on.release()
    await first
    await engine.begun.wait()
    newer = asyncio.create_task(watch.put_down(look))
    await asyncio.sleep(0)
    gives_up.cancel()
    await asyncio.gather(gives_up, return_exceptions=True)
    engine.goes_on.release()
    engine.goes_on.release()
    await asyncio.gather(writes, newer)
