"""Marks on what is read: the police see what does not fit, an owner only his own dates."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from sync.instants import write_instant
from tests.access.people import sign_pledge
from tests.makers import (
    LOG,
    SANGKAT_1,
    SANGKAT_4,
    make_declaration,
    make_document,
    make_identity,
    make_stay,
)
from tests.world import DAY_MS, Device, World

STANDING = "019b8b74-1800-7000-8000-000000002026"
SOON = {"class": "EB", "expires_on": "2026-03-10"}


async def marks_of(reader: Device, path: str, entity: UUID) -> dict[str, Any]:
    """Return the marks by code; the list and the entry have to agree."""
    listed = {view["id"]: view for view in (await reader.read(path))["items"]}[str(entity)]
    shown = await reader.read(f"{path}/{entity}")
    assert listed.get("marks") == shown.get("marks")
    return {mark["code"]: mark["params"] for mark in shown.get("marks", ())}


@pytest.fixture
async def verified(world: World) -> Device:
    await world.verify(world.owner)
    return world.owner


async def test_a_stay_reported_in_time_by_a_verified_owner_has_no_marks(
    world: World, verified: Device
):
    premises_id = await verified.send_premises()
    stay_id = await verified.send_stay(premises_id, arrived_on="2026-03-01")
    assert await marks_of(world.officer, "/v1/stays", stay_id) == {}
    assert await marks_of(world.officer, "/v1/premises", premises_id) == {}


async def test_an_owner_whom_nobody_verified_is_marked_for_the_police(world: World):
    premises_id = await world.owner.send_premises()
    assert "unverified_owner" in await marks_of(world.officer, "/v1/premises", premises_id)
    assert await marks_of(world.owner, "/v1/premises", premises_id) == {}
    pledge_id = await sign_pledge(world.owner, premises_id, SANGKAT_4)
    assert set(await marks_of(world.officer, "/v1/pledges", pledge_id)) == {"unverified_owner"}


async def test_what_came_after_the_window_is_late(world: World, verified: Device):
    premises_id = await verified.send_premises()
    stay_id = await verified.send_stay(premises_id, arrived_on="2026-02-20")
    marks = await marks_of(world.officer, "/v1/stays", stay_id)
    assert marks["late"]["due_at"] == "2026-02-21T16:59:59.000Z"


async def test_an_owner_is_told_of_dates_and_of_nothing_else(world: World, verified: Device):
    premises_id = await verified.send_premises()
    there = await verified.send_stay(premises_id, visa=SOON, document_holder="owner", role="works")
    other = await world.new_owner()
    await other.send_stay(await other.send_premises(place=SANGKAT_1), place=SANGKAT_1)
    province = await world.new_officer(LOG, role="province")
    police = await marks_of(province, "/v1/stays", there)
    assert set(police) == {
        "late", "visa_expires", "no_permit_data", "document_held_by_other",
        "same_document_elsewhere",
    }  # fmt: skip
    assert set(await marks_of(verified, "/v1/stays", there)) == {"visa_expires"}
    assert set(await marks_of(world.client, "/v1/stays", there)) == {"visa_expires"}


async def test_the_same_document_at_two_premises_is_marked_at_both(world: World, verified: Device):
    first = await verified.send_stay(await verified.send_premises())
    second = await verified.send_stay(
        await verified.send_premises(place=SANGKAT_1), place=SANGKAT_1
    )
    province = await world.new_officer(LOG, role="province")
    for one, other in ((first, second), (second, first)):
        marks = await marks_of(province, "/v1/stays", one)
        assert marks["same_document_elsewhere"] == {"stays": [str(other)]}
    left = {"left_on": "2026-03-01", "reason": "moved_in_province"}
    await verified.send("departure", left, revises=(first, first), after=[first])
    moved = await verified.send_stay(
        await verified.send_premises(), document=make_document("TEST00009"), arrived_on="2026-03-01"
    )
    assert "same_document_elsewhere" not in await marks_of(province, "/v1/stays", moved)


async def test_a_day_of_leaving_that_lies_ahead_is_recorded_and_marked(
    world: World, verified: Device
):
    stay_id = await verified.send_stay(await verified.send_premises())
    await _leave(verified, stay_id, "2031-01-01")
    marks = await marks_of(world.officer, "/v1/stays", stay_id)
    assert marks["departure_in_future"] == {"left_on": "2031-01-01"}
    assert (await world.officer.read(f"/v1/stays/{stay_id}"))["effect"] == "departed"
    assert "departure_in_future" not in await marks_of(verified, "/v1/stays", stay_id)


async def test_departures_that_name_different_days_are_marked_and_all_in_the_history(
    world: World, verified: Device
):
    stay_id = await verified.send_stay(await verified.send_premises(), arrived_on="2026-02-01")
    await _leave(verified, stay_id, "2026-03-01")
    assert "departed_twice" not in await marks_of(world.officer, "/v1/stays", stay_id)
    await _leave(verified, stay_id, "2026-02-20")
    marks = await marks_of(world.officer, "/v1/stays", stay_id)
    assert marks["departed_twice"] == {"days": ["2026-03-01", "2026-02-20"]}
    (listed,) = (await world.officer.read("/v1/stays"))["items"]
    assert listed["left_on"] == "2026-02-20"
    said = [one["body"] for one in listed["history"] if one["kind"] == "departure"]
    assert [one["left_on"] for one in said] == ["2026-03-01", "2026-02-20"]


async def test_an_arrival_beyond_a_departure_that_its_author_did_not_know_of_is_marked(
    world: World, verified: Device
):
    premises_id = await verified.send_premises()
    stay_id = await verified.send_stay(premises_id, arrived_on="2026-02-01")
    await _leave(verified, stay_id, "2026-02-20")
    later = make_stay(premises_id, arrived_on="2026-02-25")
    await verified.send("stay", later, revises=(stay_id, stay_id), after=[stay_id])
    marks = await marks_of(world.officer, "/v1/stays", stay_id)
    said = {"arrived_on": "2026-02-25", "left_on": "2026-02-20"}
    assert marks["departed_before_arrival"] == said


async def _leave(owner: Device, stay_id: UUID, left_on: str) -> None:
    body = {"left_on": left_on, "reason": "unknown"}
    await owner.send("departure", body, revises=(stay_id, stay_id), after=[stay_id])


async def test_two_stays_at_once_under_one_roof_overlap(world: World, verified: Device):
    premises_id = await verified.send_premises()
    first = await verified.send_stay(premises_id, unit="12")
    second = await verified.send_stay(premises_id, unit="14", arrived_on="2026-02-25")
    marks = await marks_of(world.officer, "/v1/stays", first)
    assert marks["overlapping_stays"] == {"stays": [str(second)]}


async def test_a_withdrawn_stay_marks_nobody_and_has_no_marks(world: World, verified: Device):
    premises_id = await verified.send_premises()
    first = await verified.send_stay(premises_id)
    second = await verified.send_stay(premises_id, unit="14", arrived_on="2026-02-25")
    gone = {"reason": "entered_twice"}
    await verified.send("withdrawal", gone, revises=(second, second), after=[second])
    assert "overlapping_stays" not in await marks_of(world.officer, "/v1/stays", first)
    assert await marks_of(world.officer, "/v1/stays", second) == {}


async def test_a_declaration_that_counts_what_is_not_there_is_marked(
    world: World, verified: Device
):
    premises_id = await verified.send_premises()
    stay_id = await verified.send_stay(premises_id)
    missing = UUID(int=7)
    body = make_declaration(premises_id, STANDING, (stay_id, missing))
    after = [premises_id, UUID(STANDING)]
    declaration_id = await verified.send("declaration", body, after=after)
    for path, entity in (("/v1/declarations", declaration_id), ("/v1/premises", premises_id)):
        marks = await marks_of(world.officer, path, entity)
        assert marks["count_differs"] == {"declared": 2, "found": 1}
    agreeing = make_declaration(premises_id, STANDING, (stay_id,))
    await verified.send("declaration", agreeing, after=after)
    assert await marks_of(world.officer, "/v1/premises", premises_id) == {}
    assert await marks_of(verified, "/v1/declarations", declaration_id) == {}


async def test_a_declaration_of_nobody_where_somebody_is_registered_is_marked(
    world: World, verified: Device
):
    premises_id = await verified.send_premises()
    stays = [
        await verified.send_stay(premises_id, document=make_document(f"TEST0000{number}"))
        for number in range(3)
    ]
    await verified.send_stay(
        premises_id, document=make_document("TEST00009"), arrived_on="2026-03-05"
    )
    left = {"left_on": "2026-03-01", "reason": "left_country"}
    await verified.send("departure", left, revises=(stays[0], stays[0]), after=[stays[0]])
    after = [premises_id, UUID(STANDING)]
    nobody = await verified.send(
        "declaration", make_declaration(premises_id, STANDING), after=after
    )
    for path, entity in (("/v1/declarations", nobody), ("/v1/premises", premises_id)):
        marks = await marks_of(world.officer, path, entity)
        assert marks["count_differs"] == {"declared": 0, "found": 2}
    one_left_out = make_declaration(premises_id, STANDING, (stays[1],))
    some = await verified.send("declaration", one_left_out, after=after)
    marks = await marks_of(world.officer, "/v1/declarations", some)
    assert marks["count_differs"] == {"declared": 1, "found": 2}


async def test_what_came_without_its_values_is_marked_until_they_come(
    world: World, verified: Device
):
    premises_id = await verified.send_premises()
    disclosed = {"identity": make_identity(), "document": make_document()}
    body = make_stay(premises_id, arrived_on="2026-03-01")
    item = verified.compose("stay", body, disclosed=disclosed, after=[premises_id])
    (stored,) = await verified.push(msgspec.structs.replace(item, disclosures=None))
    marks = await marks_of(world.officer, "/v1/stays", UUID(stored["id"]))
    assert marks == {"values_withheld": {"names": ["document", "identity"]}}
    (fresh,) = [
        section
        for section in (await world.officer.read("/v1/review"))["sections"]
        if section["section"] == "fresh"
    ]
    assert (fresh["count"], fresh["green_count"]) == (2, 1)
    await verified.push(item)
    assert await marks_of(world.officer, "/v1/stays", UUID(stored["id"])) == {}


@pytest.mark.parametrize(("days", "minutes"), [(2, 2 * 24 * 60), (-2, -2 * 24 * 60), (0, None)])
async def test_a_clock_that_was_wrong_for_certain_is_marked(
    world: World, verified: Device, days: int, minutes: int | None
):
    premises_id = await verified.send_premises()
    now_ms = world.clock.ms
    anchor = {"pos": 1, "chain": "A" * 43, "at": write_instant(now_ms)}
    made_at = write_instant(now_ms + days * DAY_MS)
    body = make_stay(premises_id, arrived_on="2026-03-01")
    stay_id = await verified.send(
        "stay", body, disclosed={"identity": make_identity()}, anchor=anchor, made_at=made_at
    )
    marks = await marks_of(world.officer, "/v1/stays", stay_id)
    assert marks == ({} if minutes is None else {"clock_skew": {"minutes": minutes}})


async def test_what_waited_long_on_a_phone_tells_of_no_clock(world: World, verified: Device):
    premises_id = await verified.send_premises()
    made_at = write_instant(world.clock.ms - 20 * 60_000)
    body = make_stay(premises_id, arrived_on="2026-03-01")
    disclosed = {"identity": make_identity()}
    stay_id = await verified.send("stay", body, disclosed=disclosed, made_at=made_at)
    assert await marks_of(world.officer, "/v1/stays", stay_id) == {}


@pytest.mark.parametrize(("last_on", "count"), [("2026-02-27", 5), ("2026-02-28", None)])
async def test_five_who_came_from_one_place_within_two_weeks_are_marked(
    world: World, verified: Device, last_on: str, count: int | None
):
    here, there = await verified.send_premises(), await verified.send_premises()
    arrivals = ["2026-02-14", "2026-02-16", "2026-02-18", "2026-02-20", last_on]
    moved: list[UUID] = []
    for number, arrived_on in enumerate(arrivals):
        paper = make_document(f"TEST0000{number}")
        stay_id = await verified.send_stay(here, document=paper, arrived_on="2026-01-05")
        left = {"left_on": "2026-02-14", "reason": "moved_in_province"}
        await verified.send("departure", left, revises=(stay_id, stay_id), after=[stay_id])
        moved.append(await verified.send_stay(there, document=paper, arrived_on=arrived_on))
    newcomer = await verified.send_stay(there, document=make_document("TEST00009"))
    for stay_id in (moved[0], moved[-1]):
        marks = await marks_of(world.officer, "/v1/stays", stay_id)
        expected = None if count is None else {"from": str(here), "count": count}
        assert marks.get("group_moved") == expected
    assert "group_moved" not in await marks_of(world.officer, "/v1/stays", newcomer)
    assert "group_moved" not in await marks_of(verified, "/v1/stays", moved[0])


async def test_check_digits_that_fail_are_marked(world: World, verified: Device):
    premises_id = await verified.send_premises()
    mrz = {"failing": ["number"], "repaired": True}
    stay_id = await verified.send_stay(premises_id, mrz=mrz, arrived_on="2026-03-01")
    marks = await marks_of(world.officer, "/v1/stays", stay_id)
    assert marks == {"mrz_check_failed": {"failing": ["number"]}, "mrz_corrected": {}}


async def test_marks_grow_with_the_day_and_without_a_document(world: World, verified: Device):
    stay_id = await verified.send_stay(await verified.send_premises(), visa=SOON)
    assert (await marks_of(verified, "/v1/stays", stay_id))["visa_expires"]["days_left"] == 8
    world.clock.move(days=10)
    await verified.sign_in()
    assert (await marks_of(verified, "/v1/stays", stay_id))["visa_expired"]["days_ago"] == 2


async def test_the_phone_gets_the_same_marks_by_pull(world: World, verified: Device):
    stay_id = await verified.send_stay(await verified.send_premises(), visa=SOON)
    for reader in (verified, world.officer):
        snapshot = (await reader.post("/v1/sync/pull", {})).json()["snapshot"]
        pulled = {view["id"]: view for view in snapshot}[str(stay_id)]
        shown = await reader.read(f"/v1/stays/{stay_id}")
        assert pulled["marks"] == shown["marks"]
