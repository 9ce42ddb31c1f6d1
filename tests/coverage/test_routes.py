"""Coverage over HTTP: the police of a place its numbers, an analyst none that are small."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from sync.document import uuid7
from tests.makers import LOG, SANGKAT_1, SANGKAT_4, make_declaration, make_order
from tests.world import Device, World

OF_2022 = "01831f8b-d000-7000-8000-000000002022"
STANDING = "019b8b74-1800-7000-8000-000000002026"


async def read(device: Device, order_id: str = STANDING) -> dict[str, Any]:
    coverage = await device.read("/v1/coverage", order_id=order_id)
    (order,) = coverage["orders"]
    return order


def row(order: dict[str, Any], place_id: str) -> tuple[int, int, int, int]:
    found = next(one for one in order["communes"] if one["place_id"] == place_id)
    return found["known"], found["declared"], found["nil"], found["overdue"]


@pytest.fixture
async def declared(world: World) -> UUID:
    """Two premises in Sangkat 4, of which one declared that nobody is there."""
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    await world.owner.send_premises()
    body = make_declaration(premises_id, STANDING)
    after = [premises_id, UUID(STANDING)]
    return await world.owner.send("declaration", body, after=after)


async def test_owners_and_programs_read_no_coverage(world: World):
    for device in (world.owner, world.client):
        assert (await device.get("/v1/coverage")).status_code == 403


async def test_an_officer_reads_the_numbers_of_his_commune(world: World, declared: UUID):
    order = await read(world.officer)
    assert [one["place_id"] for one in order["communes"]] == [SANGKAT_4]
    assert row(order, SANGKAT_4) == (2, 1, 1, 0)
    assert order["is_open"]
    gone = {"reason": "entered_by_mistake"}
    await world.owner.send("withdrawal", gone, revises=(declared, declared), after=[declared])
    assert row(await read(world.officer), SANGKAT_4) == (2, 0, 0, 0)


@pytest.mark.usefixtures("declared")
async def test_what_was_not_declared_in_time_is_overdue(world: World):
    world.clock.move(days=30)
    await world.officer.sign_in()
    assert row(await read(world.officer), SANGKAT_4) == (2, 0, 0, 2)


@pytest.mark.usefixtures("declared")
async def test_an_order_that_ended_asks_nothing_of_what_came_later(world: World):
    order = await read(world.officer, OF_2022)
    assert row(order, SANGKAT_4) == (0, 0, 0, 0)
    assert not order["is_open"]


async def test_premises_of_an_unverified_owner_do_not_count(world: World):
    await world.owner.send_premises()
    assert row(await read(world.officer), SANGKAT_4) == (0, 0, 0, 0)


@pytest.mark.usefixtures("declared")
async def test_the_province_reads_every_commune_and_their_total(world: World):
    order = await read(await world.new_officer(LOG, role="province"))
    assert len(order["communes"]) == len(world.register.places.communes)
    assert row(order, SANGKAT_1) == (0, 0, 0, 0)
    assert (order["total"]["known"], order["total"]["declared"]) == (2, 1)


@pytest.mark.usefixtures("declared")
async def test_an_analyst_reads_no_number_under_ten(world: World):
    analyst = await world.new_officer(LOG, role="analyst")
    coverage = await analyst.read("/v1/coverage")
    assert coverage["is_suppressed"]
    rows = [one for order in coverage["orders"] for one in (*order["communes"], order["total"])]
    assert {one[name] for one in rows for name in ("known", "declared", "nil")} <= {None, 0}


@pytest.mark.usefixtures("declared")
async def test_coverage_that_did_not_change_is_not_sent_again(world: World):
    first = await world.officer.get("/v1/coverage")
    world.clock.move(minutes=1)
    known = {**world.officer.headers, "If-None-Match": first.headers["etag"]}
    assert (await world.http.get("/v1/coverage", headers=known)).status_code == 304


async def test_what_is_declared_after_an_order_ended_is_kept_marked_late_and_not_counted(
    world: World,
):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    order_id = uuid7(world.clock())
    order = make_order(ends_on="2026-03-03")
    await world.submit(world.register.composer.compose("order", order, document_id=order_id))
    body, after = make_declaration(premises_id, order_id), [premises_id, order_id]
    in_time = await world.owner.send("declaration", body, after=after)
    world.clock.move(days=3)
    await world.sign_in_again()
    late = await world.owner.send("declaration", make_declaration(premises_id, OF_2022))
    too_late = await world.owner.send("declaration", {**body, "count": 7}, after=after)
    answer = await world.client.post("/v1/declarations", body, **{"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201
    due = {
        str(in_time): None,
        str(late): "2022-09-24T16:59:59.000Z",
        str(too_late): "2026-03-03T16:59:59.000Z",
        answer.json()["view"]["id"]: "2026-03-03T16:59:59.000Z",
    }
    views = (await world.officer.read("/v1/declarations"))["items"]
    assert {view["id"]: find_due(view) for view in views} == due
    assert row(await read(world.officer, str(order_id)), SANGKAT_4) == (1, 1, 1, 0)
    commune = (await world.http.get(f"/v1/communes/{SANGKAT_4}")).json()
    assert [one["id"] for one in commune["orders"]] == [STANDING]


def find_due(view: dict[str, Any]) -> str | None:
    return next((m["params"]["due_at"] for m in view.get("marks", ()) if m["code"] == "late"), None)
