"""Programs follow the log: complete, in order, without gaps, and personal only for a purpose."""

import asyncio
from typing import Any

from api.audit.records import AuditRow
from api.audit.rules import find_break
from api.audit.store import list_looks
from api.intake_routes import feed
from tests.makers import LOG, SANGKAT_1, SANGKAT_4, Fields
from tests.world import Device, World, expect


async def read_all(device: Device, limit: int = 3, **parameters: Any) -> list[Fields]:
    """Follow the feed from the beginning to its present end."""
    items: list[Fields] = []
    answer = await device.read("/v1/feed", limit=limit, **parameters)
    items += answer["items"]
    while answer["more"]:
        answer = await device.read("/v1/feed", limit=limit, cursor=answer["cursor"], **parameters)
        items += answer["items"]
    return items


async def tell_a_story(world: World) -> list[str]:
    """Every kind of happening; return the ids of premises and stay."""
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    await world.officer.review(stay_id, "return", "wrong_unit")
    correction = world.owner.compose("stay", {"unit": "14"}, revises=(stay_id, stay_id))
    await world.owner.push(correction)
    await world.officer.review(premises_id, "accept")
    await world.officer.review(premises_id, "refer", "count_differs")
    left = {"left_on": "2026-03-01", "reason": "unknown"}
    await world.owner.send("departure", left, revises=(stay_id, stay_id))
    await world.owner.send("withdrawal", {"reason": "entered_twice"}, revises=(stay_id, stay_id))
    return [str(premises_id), str(stay_id)]


async def test_the_feed_needs_its_scope(world: World):
    client = await world.new_client(SANGKAT_4, scopes=("registrations:read",))
    for device in (client, world.owner):
        assert (await device.get("/v1/feed")).status_code == 403


async def test_the_feed_tells_what_happened_in_order(world: World):
    premises_id, stay_id = await tell_a_story(world)
    items = await read_all(world.client)
    assert [(item["type"], item["subject"]) for item in items] == [
        ("kh.sangkat.premises.registered.v1", premises_id),
        ("kh.sangkat.stay.registered.v1", stay_id),
        ("kh.sangkat.stay.returned.v1", stay_id),
        ("kh.sangkat.stay.corrected.v1", stay_id),
        ("kh.sangkat.premises.accepted.v1", premises_id),
        ("kh.sangkat.premises.referred.v1", premises_id),
        ("kh.sangkat.stay.departed.v1", stay_id),
        ("kh.sangkat.stay.withdrawn.v1", stay_id),
    ]


async def test_an_item_has_the_attributes_of_a_cloud_event(world: World):
    await tell_a_story(world)
    item = (await read_all(world.client))[1]
    pos = int(item["sequence"])
    assert item["id"] == f"{LOG}:{pos}"
    assert item["specversion"] == "1.0"
    assert item["source"].endswith(f"/v1/logs/{LOG}")
    assert item["dataschema"].endswith("#/components/schemas/FeedData")
    assert item["time"] == "2026-03-02T03:00:00.000Z"
    assert item["data"]["place"] == SANGKAT_4
    assert "view" not in item["data"]


async def test_an_item_never_changes(world: World):
    premises_id = await world.owner.send_premises()
    before = await read_all(world.client)
    await world.officer.review(premises_id, "accept")
    assert (await read_all(world.client))[: len(before)] == before


async def test_programs_see_their_communes_and_no_accounts(world: World):
    await world.owner.send_premises()
    elsewhere = await world.new_client(SANGKAT_1)
    assert await read_all(elsewhere) == []
    province = await world.new_client(LOG)
    kinds = {item["data"]["document_kind"] for item in await read_all(province)}
    assert "premises" in kinds
    assert kinds.isdisjoint({"account", "grant", "verification", "revocation"})


async def test_the_next_page_is_linked(world: World):
    await world.owner.send_premises()
    answer = await world.client.get("/v1/feed", limit=1)
    target, _, relation = answer.headers["Link"].partition(">; ")
    assert relation == 'rel="next"'
    path = target.removeprefix("<")
    following = expect(await world.http.get(path, headers=world.client.headers))
    assert following["items"] == []
    assert following["cursor"] == answer.json()["cursor"]


async def test_a_page_is_empty_at_the_end_of_the_log_alone(world: World, monkeypatch):
    monkeypatch.setattr(feed, "SCAN_ENTRIES_MAX", 3)
    await world.verify(world.owner)
    mine = [str(await world.owner.send_premises())]
    for _ in range(9):
        await world.owner.send_premises(place=SANGKAT_1)
    for _ in range(7):
        await world.new_owner()
    mine.append(str(await world.owner.send_premises()))
    for _ in range(9):
        await world.owner.send_premises(place=SANGKAT_1)
    everywhere = await world.new_client(LOG)
    for client, wanted in ((world.client, mine), (everywhere, None)):
        for limit in (1, 2, 50):
            pages = await read_pages(client, limit)
            assert all(page["items"] for page in pages if page["more"])
            told = [item["subject"] for page in pages for item in page["items"]]
            assert told == wanted or (wanted is None and set(mine) < set(told))
            waiting = await client.read("/v1/feed", cursor=pages[-1]["cursor"])
            assert (waiting["items"], waiting["more"]) == ([], False)


async def read_pages(device: Device, limit: int) -> list[Fields]:
    """Follow the feed to its end; every page brings its reader further."""
    pages = [await device.read("/v1/feed", limit=limit)]
    while pages[-1]["more"]:
        page = await device.read("/v1/feed", limit=limit, cursor=pages[-1]["cursor"])
        assert page["cursor"] != pages[-1]["cursor"]
        pages.append(page)
    return pages


async def test_a_cursor_of_another_reader_or_history_is_gone(world: World):
    mine = (await world.client.read("/v1/feed"))["cursor"]
    pulled = expect(await world.client.post("/v1/sync/pull", {}))["cursor"]
    other = await world.new_client(SANGKAT_4)
    for device, cursor in ((other, mine), (world.client, pulled), (world.client, "x")):
        answer = await device.get("/v1/feed", cursor=cursor)
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor-gone")


async def test_the_feed_waits_for_what_comes(world: World):
    cursor = (await world.client.read("/v1/feed"))["cursor"]
    waiting = asyncio.create_task(world.client.read("/v1/feed", cursor=cursor, wait=20))
    await asyncio.sleep(0.1)
    premises_id = await world.owner.send_premises()
    async with asyncio.timeout(5):
        answer = await waiting
    assert [item["subject"] for item in answer["items"]] == [str(premises_id)]


async def test_the_full_view_says_what_for_and_is_audited(world: World):
    await world.owner.send_stay(await world.owner.send_premises())
    refused = await world.client.get("/v1/feed", view="full")
    assert (refused.status_code, refused.json()["code"]) == (400, "purpose.required")
    words = {**world.client.headers, "Purpose": "TEST DATA name"}
    refused = await world.http.get("/v1/feed?view=full", headers=words)
    assert (refused.status_code, refused.json()["code"]) == (400, "purpose.required")
    assert await list_audit(world) == []
    answer = await read_full(world, "inspection")
    views = [item["data"]["view"] for item in answer["items"]]
    assert views[1]["body"]["identity"]["primary"] == "ERIKSSON"
    assert views[1]["body"]["document"]["number"] == "•••••2C3"
    await read_full(world, "census")
    reasons = [row.look.reason for row in await list_audit(world)]
    assert reasons == ["inspection", "census"]


async def read_full(world: World, purpose: str) -> Any:
    headers = {**world.client.headers, "Purpose": purpose}
    return expect(await world.http.get("/v1/feed?view=full", headers=headers))


async def test_the_full_view_needs_the_scope_to_read(world: World):
    await world.owner.send_premises()
    client = await world.new_client(SANGKAT_4, scopes=("feed:read",))
    headers = {**client.headers, "Purpose": "inspection"}
    answer = await world.http.get("/v1/feed?view=full", headers=headers)
    assert answer.status_code == 403


async def test_the_audit_log_is_chained(world: World):
    await world.owner.send_premises()
    for purpose in ("inspection", "census"):
        await read_full(world, purpose)
    rows = await list_audit(world)
    assert len(rows) == 2
    assert find_break(LOG, rows) is None


async def list_audit(world: World) -> list[AuditRow]:
    async with world.register.engine.reading() as tx:
        return await list_looks(tx, LOG)


async def test_the_feed_has_no_gaps_under_concurrent_writers(world: World):
    owners = [await world.new_owner() for _ in range(4)]
    province = await world.new_client(LOG)
    writing = asyncio.create_task(write_all(owners, 20))
    followers = [follow(province, writing, limit) for limit in (1, 7, 100)]
    stories = await asyncio.gather(*followers)
    await writing
    wanted = await list_positions(world)
    assert len(wanted) >= 4 * 20
    for story in stories:
        assert story == wanted


async def write_all(owners: list[Device], count: int) -> None:
    async with asyncio.TaskGroup() as group:
        for owner in owners:
            group.create_task(write_many(owner, count))


async def write_many(owner: Device, count: int) -> None:
    premises_id = await owner.send_premises()
    for number in range(count - 1):
        await owner.send_stay(premises_id, unit=str(number))


async def follow(device: Device, writing: asyncio.Task[None], limit: int) -> list[int]:
    """Read from cursor to cursor while others write, and to the end after that."""
    positions: list[int] = []
    parameters: dict[str, Any] = {"limit": limit}
    while True:
        is_last = writing.done()
        answer = await device.read("/v1/feed", **parameters)
        positions += [int(item["sequence"]) for item in answer["items"]]
        parameters["cursor"] = answer["cursor"]
        if is_last and not answer["more"]:
            return positions


async def list_positions(world: World) -> list[int]:
    async with world.register.engine.reading() as tx:
        rows = await tx.all(
            "SELECT pos FROM entries WHERE kind IN ('order', 'premises', 'stay') ORDER BY pos"
        )
    return [row[0] for row in rows]
