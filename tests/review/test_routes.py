"""The work list: what waits stands in one section, with its number and its age."""

from typing import Any
from uuid import UUID

from tests.makers import LOG, SANGKAT_1, make_declaration, make_document
from tests.world import Device, World

STANDING = "019b8b74-1800-7000-8000-000000002026"


async def sections(device: Device) -> list[dict[str, Any]]:
    work = await device.read("/v1/review")
    return work["sections"]


async def counts(device: Device) -> dict[str, int]:
    return {one["section"]: one["count"] for one in await sections(device) if one["count"]}


async def ids(device: Device, section: str, **parameters: Any) -> list[str]:
    page = await device.read(f"/v1/review/{section}", **parameters)
    return [view["id"] for view in page["items"]]


async def test_a_section_that_is_none_is_refused(world: World):
    assert (await world.officer.get("/v1/review/canary")).status_code in {400, 404}


async def test_a_referral_says_why_by_a_reason_or_in_words(world: World):
    premises_id = await world.owner.send_premises()
    body = {"verdict": "refer", "reasons": []}
    revises = (premises_id, premises_id)
    item = world.officer.compose("review", body, revises=revises, after=[premises_id])
    (result,) = await world.officer.push(item)
    assert result["problem"]["errors"] == [{"pointer": "/body/reasons", "code": "field.required"}]
    words = {"remarks": {"text": "TEST DATA for the district"}}
    await world.officer.send("review", body, revises=revises, disclosed=words, after=[premises_id])
    await world.officer.review(premises_id, "refer", "registered_elsewhere")


async def test_only_the_police_have_a_work_list(world: World):
    for device in (world.owner, world.client, await world.new_officer(LOG, role="analyst")):
        assert (await device.get("/v1/review")).status_code == 403


async def test_what_an_unverified_owner_sends_stands_apart(world: World):
    premises_id = await world.owner.send_premises()
    assert await counts(world.officer) == {"unverified": 1}
    await world.verify(world.owner)
    assert await counts(world.officer) == {"fresh": 1}
    assert await ids(world.officer, "fresh") == [str(premises_id)]
    assert await ids(world.officer, "unverified") == []


async def test_what_carries_no_mark_is_counted_among_what_is_fresh(world: World):
    await world.owner.send_premises()
    (section,) = [one for one in await sections(world.officer) if one["section"] == "fresh"]
    assert "green_count" not in section
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    await world.owner.send_stay(premises_id, arrived_on="2026-03-02")
    held = make_document("TEST00001")
    await world.owner.send_stay(premises_id, document=held, document_holder="employer")
    work = {one["section"]: one for one in await sections(world.officer)}
    assert (work["fresh"]["count"], work["fresh"]["green_count"]) == (4, 3)
    assert [one for one in work.values() if "green_count" in one] == [work["fresh"]]


async def test_an_answered_correction_is_looked_at_first(world: World):
    await world.verify(world.owner)
    stay = await world.owner.send_stay(await world.owner.send_premises())
    await world.officer.review(stay, "return", "wrong_unit")
    assert await counts(world.officer) == {"fresh": 1}
    correction = await world.owner.send("stay", {"unit": "14"}, revises=(stay, stay), after=[stay])
    assert await counts(world.officer) == {"fresh": 1, "corrected": 1}
    assert await ids(world.officer, "corrected") == [str(stay)]
    await world.officer.review(stay, "accept", revision=correction)
    assert await counts(world.officer) == {"fresh": 1}


async def test_what_an_unverified_owner_corrects_stays_apart(world: World):
    premises_id = await world.owner.send_premises()
    stay = await world.owner.send_stay(premises_id)
    await world.officer.review(stay, "return", "wrong_unit")
    await world.owner.send("stay", {"unit": "14"}, revises=(stay, stay), after=[stay])
    assert await counts(world.officer) == {"unverified": 2}
    assert await ids(world.officer, "unverified") == [str(premises_id), str(stay)]
    assert await ids(world.officer, "corrected") == []
    await world.verify(world.owner)
    assert await counts(world.officer) == {"fresh": 1, "corrected": 1}


async def test_a_correction_that_nobody_asked_for_is_fresh(world: World):
    await world.verify(world.owner)
    stay = await world.owner.send_stay(await world.owner.send_premises())
    await world.owner.send("stay", {"unit": "14"}, revises=(stay, stay), after=[stay])
    assert await counts(world.officer) == {"fresh": 2}


async def test_two_answers_to_one_revision_stand_as_a_conflict(world: World):
    await world.verify(world.owner)
    stay = await world.owner.send_stay(await world.owner.send_premises())
    for unit in ("14", "15"):
        await world.owner.send("stay", {"unit": unit}, revises=(stay, stay), after=[stay])
    assert await ids(world.officer, "conflict") == [str(stay)]
    assert (await counts(world.officer))["conflict"] == 1


async def test_premises_that_never_declared_become_overdue(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    assert "overdue" not in await counts(world.officer)
    world.clock.move(days=30)
    for device in (world.owner, world.officer):
        await device.sign_in()
    assert await ids(world.officer, "overdue") == [str(premises_id)]
    work = await world.officer.read("/v1/review")
    assert work["sections"][-1]["oldest_at"] == "2026-03-02T03:00:00.000Z"
    body = make_declaration(premises_id, STANDING)
    await world.owner.send("declaration", body, after=[premises_id, UUID(STANDING)])
    assert await ids(world.officer, "overdue") == []


async def test_an_officer_has_the_work_of_his_places_only(world: World):
    await world.verify(world.owner)
    here = await world.owner.send_premises()
    there = await world.owner.send_premises(place=SANGKAT_1)
    assert await ids(world.officer, "fresh") == [str(here)]
    assert await ids(await world.new_officer(SANGKAT_1), "fresh") == [str(there)]
    assert await counts(await world.new_officer()) == {}
    province = await world.new_officer(LOG, role="province")
    assert await counts(province) == {"fresh": 2}


async def test_a_section_comes_oldest_first_in_parts(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    stays = [
        str(await world.owner.send_stay(premises_id, document=make_document(f"TEST{n:05}")))
        for n in range(3)
    ]
    wanted = [str(premises_id), *stays]
    start = await world.officer.read("/v1/review/fresh", limit=2)
    rest = await world.officer.read("/v1/review/fresh", limit=2, cursor=start["next"])
    assert [view["id"] for view in (*start["items"], *rest["items"])] == wanted
