"""Pulling: a snapshot, then every change once; another history is noticed; nobody sees too much."""

import asyncio
import json
from uuid import UUID

import pytest

from api.limits import POLLS_OF_AN_ACCOUNT_MAX
from sync.document import uuid7
from sync.instants import write_instant
from sync.keys import decode_base64url, encode_base64url
from sync.receipts import read_head
from tests import makers
from tests.makers import SANGKAT_1
from tests.world import Device, World, expect


async def _pull(device: Device, cursor: str | None = None, **more) -> dict:
    return expect(await device.post("/v1/sync/pull", {"cursor": cursor, **more}))


async def _snapshot(device: Device, limit: int = 200) -> tuple[list[dict], str]:
    page = await _pull(device, limit=limit)
    views = list(page.get("snapshot") or [])
    while page["more"]:
        page = await _pull(device, page["cursor"], limit=limit)
        views += page.get("snapshot") or []
    return views, page["cursor"]


async def test_a_snapshot_in_pages_holds_everything_once(world: World):
    premises_id = await world.owner.send_premises()
    stays = {str(await world.owner.send_stay(premises_id, unit=str(n))) for n in range(7)}
    views, _ = await _snapshot(world.owner, limit=3)
    found = [view["id"] for view in views]
    assert len(found) == len(set(found))
    assert stays | {str(premises_id)} <= set(found)


async def test_after_the_snapshot_only_changes_come(world: World):
    premises_id = await world.owner.send_premises()
    _, cursor = await _snapshot(world.owner)
    stay_id = await world.owner.send_stay(premises_id)
    page = await _pull(world.owner, cursor)
    assert [change["entity"] for change in page["changes"]] == [str(stay_id)]
    assert page["changes"][0]["view"]["body"]["identity"]["primary"] == "ERIKSSON"
    assert (await _pull(world.owner, page["cursor"]))["changes"] == []


async def test_an_owner_learns_of_a_verdict_and_reads_no_number_back(world: World):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    _, cursor = await _snapshot(world.owner)
    await world.officer.review(stay_id, "return", "date_missing")
    (change,) = (await _pull(world.owner, cursor))["changes"]
    assert (change["kind"], change["effect"]) == ("review", "returned")
    assert change["view"]["review"]["reasons"] == ["date_missing"]
    assert change["view"]["body"]["document"]["number"] == "•••••2C3"


async def test_an_officer_sees_the_own_commune_and_no_other(world: World):
    here = await world.owner.send_premises()
    await world.owner.send_premises(place=SANGKAT_1)
    views, _ = await _snapshot(world.officer)
    assert [view["id"] for view in views if view["kind"] == "premises"] == [str(here)]


async def test_an_owner_sees_nothing_of_another(world: World):
    await world.owner.send_stay(await world.owner.send_premises())
    stranger = await world.new_owner()
    views, _ = await _snapshot(stranger)
    assert {view["kind"] for view in views} == {"account"}


async def test_the_head_is_signed_and_lies_at_or_beyond_the_cursor(world: World):
    premises_id = await world.owner.send_premises()
    page = await _pull(world.owner, have=[str(premises_id)])
    keys = {world.register.keys.receipt_kid: world.register.keys.receipt_jwk}
    assert read_head(page["head"], keys).pos >= page["at"][str(premises_id)]


async def test_what_is_wrong_in_a_pull_is_pointed_at(world: World):
    answer = await world.owner.post("/v1/sync/pull", {"have": [str(uuid7()), "7"]})
    assert answer.json()["errors"] == [{"pointer": "/have/1", "code": "field.value"}]


async def test_have_says_what_is_missing_and_where_the_rest_stands(world: World):
    premises_id, unknown = await world.owner.send_premises(), uuid7()
    page = await _pull(world.owner, have=[str(premises_id), str(unknown)])
    assert page["missing"] == [str(unknown)]
    assert list(page["at"]) == [str(premises_id)]


async def test_a_cursor_of_another_history_or_scope_is_gone(world: World):
    _, cursor = await _snapshot(world.owner)
    for device, text in ((world.officer, cursor), (world.owner, "e30"), (world.owner, "!")):
        answer = await device.post("/v1/sync/pull", {"cursor": text})
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor-gone")


async def test_a_long_poll_answers_as_soon_as_something_arrives(world: World):
    premises_id = await world.owner.send_premises()
    _, cursor = await _snapshot(world.officer)
    waiting = asyncio.create_task(_pull(world.officer, cursor, wait=20))
    await asyncio.sleep(0.1)
    stay_id = await world.owner.send_stay(premises_id)
    async with asyncio.timeout(5):
        page = await waiting
    assert [UUID(change["entity"]) for change in page["changes"]] == [stay_id]


async def test_no_change_is_missed_while_many_write(world: World):
    premises_id = await world.owner.send_premises()
    _, cursor = await _snapshot(world.officer)
    seen: list[int] = []

    async def write() -> None:
        for number in range(20):
            await world.owner.send_stay(premises_id, unit=str(number))

    async def follow(cursor: str) -> None:
        while len(seen) < 60:
            page = await _pull(world.officer, cursor, wait=5, limit=7)
            seen.extend(change["pos"] for change in page["changes"])
            cursor = page["cursor"]

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(follow(cursor))
        for _ in range(3):
            group.create_task(write())
    assert seen == sorted(set(seen))
    assert len(seen) == 60


@pytest.mark.parametrize("number", [1, 2**128 - 2])
async def test_the_first_and_the_last_id_there_are_stand_in_a_snapshot(world: World, number: int):
    first_or_last = UUID(int=number)
    await world.owner.send("premises", makers.make_premises(), id=first_or_last)
    for limit in (1, 2, 200):
        views, _ = await _snapshot(world.owner, limit=limit)
        found = [view["id"] for view in views]
        assert found.count(str(first_or_last)) == 1


async def _grant(world: World, manager: Device, premises_id: UUID, **ends: str) -> UUID:
    body = {"account_id": manager.account_id, "role": "owner", "premises_id": premises_id, **ends}
    return await world.owner.send("grant", body, after=[manager.account_id, premises_id])


async def _is_gone(device: Device, cursor: str) -> bool:
    answer = await device.post("/v1/sync/pull", {"cursor": cursor})
    return (answer.status_code, answer.json().get("code")) == (410, "cursor-gone")


async def test_a_grant_opens_to_a_manager_what_is_older_than_it_and_its_end_closes_it(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    manager = await world.new_owner()
    _, cursor = await _snapshot(manager)
    grant_id = await _grant(world, manager, premises_id)
    assert await _is_gone(manager, cursor)
    views, cursor = await _snapshot(manager, limit=1)
    assert {str(premises_id), str(stay_id)} <= {view["id"] for view in views}
    assert (await _pull(manager, cursor))["changes"] == []
    ended = {"reason": "left", "grant_id": grant_id}
    await world.owner.send("revocation", ended, after=[grant_id])
    assert await _is_gone(manager, cursor)
    assert str(stay_id) not in {view["id"] for view in (await _snapshot(manager))[0]}


async def test_a_grant_that_expires_closes_what_it_opened(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    manager = await world.new_owner()
    ends_at = write_instant(world.clock() + 3_600_000)
    await _grant(world, manager, premises_id, expires_at=ends_at)
    views, cursor = await _snapshot(manager)
    assert str(stay_id) in {view["id"] for view in views}
    assert await manager.read(f"/v1/stays/{stay_id}")
    assert await manager.read(f"/v1/receipts/{stay_id}")
    world.clock.move(minutes=61)
    assert await _is_gone(manager, cursor)
    assert str(stay_id) not in {view["id"] for view in (await _snapshot(manager))[0]}
    for path in (f"/v1/stays/{stay_id}", f"/v1/receipts/{stay_id}"):
        assert (await manager.get(path)).status_code == 404
    listed = await manager.read("/v1/stays")
    assert listed["items"] == []


async def test_a_manager_who_waits_hears_of_the_grant_at_once(world: World):
    await world.verify(world.owner)
    premises_id = await world.owner.send_premises()
    manager = await world.new_owner()
    _, cursor = await _snapshot(manager)
    waiting = asyncio.create_task(manager.post("/v1/sync/pull", {"cursor": cursor, "wait": 20}))
    await asyncio.sleep(0)
    await _grant(world, manager, premises_id)
    assert (await asyncio.wait_for(waiting, 10)).status_code == 410


def write(content: object) -> str:
    return encode_base64url(json.dumps(content).encode())


async def test_a_cursor_that_is_none_is_gone_or_malformed_and_never_a_defect(world: World):
    _, cursor = await _snapshot(world.owner)
    sound = json.loads(decode_base64url(cursor))
    far = {makers.LOG: [2**63, "x"]}
    changes = [{"after": "x"}, {"after": "0" * 36}, {"p": far}, {"p": {makers.LOG: [-5, "x"]}}]
    changes += [{"p": {makers.LOG: [2**70, "x"]}}, {"p": {}}, {"s": "A" * 900}]
    texts = [write({**sound, **change}) for change in changes]
    texts += [write("x"), write([]), "", "%", "A" * 4_000, encode_base64url(b"[" * 2_900)]
    for text in texts:
        pulled = await world.owner.post("/v1/sync/pull", {"cursor": text})
        assert (pulled.status_code, pulled.json()["code"]) == (410, "cursor-gone"), text
        fed = await world.officer.get("/v1/feed", cursor=text)
        assert (fed.status_code, fed.json()["code"]) == (410, "cursor-gone"), text
    for content in ([2**63], [2**70], [-1], [1.5], ["a"], {}, [], [1, 2], None):
        for path in ("/v1/stays", "/v1/premises", "/v1/declarations", "/v1/pledges"):
            listed = await world.owner.get(path, cursor=write(content))
            assert (listed.status_code, listed.json()["code"]) == (400, "request.malformed")
        for path in ("/v1/review/fresh", f"/v1/communes/{makers.SANGKAT_4}/inbox"):
            listed = await world.officer.get(path, cursor=write(content))
            assert listed.status_code == 400, (path, content)


async def test_an_account_waits_in_few_polls_at_a_time(world: World):
    _, cursor = await _snapshot(world.owner)
    asked = {"cursor": cursor, "wait": 20}
    polls = [
        asyncio.create_task(world.owner.post("/v1/sync/pull", asked))
        for _ in range(POLLS_OF_AN_ACCOUNT_MAX + 3)
    ]
    done, waiting = await asyncio.wait(polls, timeout=3)
    assert len(done) == 3
    await world.owner.send_premises()
    answers = await asyncio.gather(*waiting)
    assert [len(answer.json()["changes"]) for answer in answers] == [1] * POLLS_OF_AN_ACCOUNT_MAX


async def test_what_an_owner_declared_is_told_again_once_the_owner_is_verified(world: World):
    owner = await world.new_owner()
    here = await owner.send_premises()
    stay_id = await owner.send_stay(here)
    await owner.send_premises(place=SANGKAT_1)
    _, cursor = await _snapshot(world.officer)
    await world.verify(owner)
    changes = (await _pull(world.officer, cursor))["changes"]
    told = {change["entity"]: change["view"] for change in changes}
    assert {str(here), str(stay_id)} == told.keys() - {changes[0]["id"]}
    for entry in (here, stay_id):
        assert told[str(entry)]["author_state"] == "active"
        assert "unverified" not in {mark["code"] for mark in told[str(entry)].get("marks", [])}
    assert {change["pos"] for change in changes} == {changes[0]["pos"]}


async def test_many_verified_at_once_are_told_in_several_answers(world: World):
    owners = [await world.new_owner() for _ in range(3)]
    premises = {str(await owner.send_premises()) for owner in owners}
    _, cursor = await _snapshot(world.officer)
    for owner in owners:
        await world.verify(owner)
    told: list[str] = []
    page = {}
    for _ in owners:
        page = await _pull(world.officer, cursor)
        told += [one["entity"] for one in page["changes"] if one["entity"] in premises]
        cursor = page["cursor"]
    assert sorted(told) == sorted(premises)
    assert not page["more"]
