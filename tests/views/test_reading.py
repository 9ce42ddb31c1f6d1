"""Reading over HTTP: in the scope or not there, masked, in parts, and not twice the same."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.makers import DISTRICT, LOG, SANGKAT_1, make_document, make_identity, make_stay
from tests.world import Device, World


@pytest.fixture
async def stay(world: World) -> UUID:
    premises_id = await world.owner.send_premises()
    return await world.owner.send_stay(premises_id)


async def list_ids(device: Device, path: str, **parameters: Any) -> list[str]:
    return [view["id"] for view in (await device.read(path, **parameters))["items"]]


async def test_what_does_not_exist_is_not_found(world: World):
    for path in ("premises", "stays", "declarations", "pledges"):
        answer = await world.officer.get(f"/v1/{path}/{uuid4()}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_a_stay_is_not_found_under_the_name_of_another_kind(world: World, stay: UUID):
    assert (await world.officer.get(f"/v1/premises/{stay}")).status_code == 404


async def test_what_lies_outside_the_scope_is_not_found_and_not_listed(world: World, stay: UUID):
    strangers = [
        await world.new_owner(),
        await world.new_officer(SANGKAT_1),
        await world.new_client(SANGKAT_1),
        await world.new_officer("psh-d-prey-nob", role="district"),
    ]
    for stranger in strangers:
        assert (await stranger.get(f"/v1/stays/{stay}")).status_code == 404
        assert await list_ids(stranger, "/v1/stays") == []


async def test_whoever_needs_no_persons_reads_none(world: World, stay: UUID):
    for role in ("analyst", "auditor"):
        reader = await world.new_officer(LOG, role=role)
        assert (await reader.get(f"/v1/stays/{stay}")).status_code == 403
    no_scope = await world.new_client(LOG, scopes=["feed:read"])
    assert (await no_scope.get("/v1/stays")).status_code == 403
    assert (await world.http.get("/v1/stays")).status_code == 401


async def test_everybody_in_charge_finds_the_stay(world: World, stay: UUID):
    readers = [
        world.owner,
        world.officer,
        world.client,
        await world.new_officer(DISTRICT, role="district"),
        await world.new_officer(LOG, role="province"),
    ]
    for reader in readers:
        assert (await reader.read(f"/v1/stays/{stay}"))["id"] == str(stay)
        assert await list_ids(reader, "/v1/stays") == [str(stay)]


async def test_an_officer_is_shown_the_code_to_compare_until_somebody_has(world: World, stay: UUID):
    path = f"/v1/stays/{stay}"
    assert (await world.officer.read(path))["author_code"] == world.owner.verification_code
    for other in (world.owner, world.client):
        assert "author_code" not in await other.read(path)
    await world.verify(world.owner)
    assert "author_code" not in await world.officer.read(path)


async def test_a_manager_reads_what_was_granted_to_him(world: World, stay: UUID):
    manager = await world.new_owner()
    premises_id = (await world.owner.read("/v1/premises"))["items"][0]["id"]
    await world.verify(world.owner)
    rights = {
        "account_id": str(manager.account_id),
        "role": "owner",
        "premises_id": premises_id,
    }
    after = [manager.account_id, UUID(premises_id)]
    await world.owner.send("grant", rights, after=after)
    assert await list_ids(manager, "/v1/stays") == [str(stay)]
    assert await list_ids(manager, "/v1/stays", premises_id=premises_id) == [str(stay)]
    assert (await manager.get(f"/v1/stays/{stay}")).status_code == 200


async def test_nobody_reads_a_document_number(world: World, stay: UUID):
    for reader in (world.owner, world.officer, world.client):
        text = (await reader.get(f"/v1/stays/{stay}")).text
        assert "L898902C3" not in text
        assert "•••••2C3" in text


async def test_a_list_comes_in_parts_that_leave_nothing_out(world: World):
    premises_id = await world.owner.send_premises()
    stays = [
        str(await world.owner.send_stay(premises_id, document=make_document(f"TEST{n:05}")))
        for n in range(7)
    ]
    found: list[str] = []
    path, parameters = "/v1/stays", {"limit": 3, "effect": "pending"}
    answer = await world.officer.get(path, **parameters)
    while True:
        found += [view["id"] for view in answer.json()["items"]]
        if "link" not in answer.headers:
            break
        link = answer.headers["link"]
        assert link.endswith('; rel="next"')
        answer = await world.http.get(link[1 : link.index(">")], headers=world.officer.headers)
    assert found == stays[::-1]
    assert answer.json()["next"] is None


@pytest.mark.parametrize(
    "parameters",
    [{"limit": 0}, {"limit": 201}, {"cursor": "canary"}, {"cursor": "W10"}, {"effect": "canary"}],
)
async def test_a_part_that_cannot_be_is_refused(world: World, parameters: dict[str, Any]):
    answer = await world.officer.get("/v1/stays", **parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")
    assert "canary" not in answer.text


async def test_a_list_is_narrowed_by_premises_place_and_effect(world: World, stay: UUID):
    other = await world.owner.send_premises(place=SANGKAT_1)
    there = await world.owner.send_stay(other, place=SANGKAT_1, document=make_document("TEST00001"))
    await world.officer.review(stay, "accept")
    province = await world.new_officer(LOG, role="province")
    for reader in (world.owner, province):
        assert await list_ids(reader, "/v1/stays") == [str(there), str(stay)]
        assert await list_ids(reader, "/v1/stays", premises_id=other) == [str(there)]
        assert await list_ids(reader, "/v1/stays", place=SANGKAT_1) == [str(there)]
        assert await list_ids(reader, "/v1/stays", effect="accepted") == [str(stay)]
        assert await list_ids(reader, "/v1/stays", place=SANGKAT_1, effect="accepted") == []
        assert await list_ids(reader, "/v1/premises", place=SANGKAT_1) == [str(other)]
    assert await list_ids(world.officer, "/v1/stays", premises_id=other) == []
    assert await list_ids(world.officer, "/v1/stays", place=SANGKAT_1) == []


async def test_what_did_not_change_is_not_sent_again(world: World, stay: UUID):
    for path in (f"/v1/stays/{stay}", "/v1/stays", "/v1/premises"):
        first = await world.owner.get(path)
        known = {**world.owner.headers, "If-None-Match": first.headers["etag"]}
        assert (await world.http.get(path, headers=known)).status_code == 304


async def test_a_verdict_is_news_although_the_revision_stands(world: World, stay: UUID):
    path = f"/v1/stays/{stay}"
    first = await world.owner.get(path)
    assert first.headers["etag"].startswith(f'"{stay}.')
    await world.officer.review(stay, "return", "date_missing")
    known = {**world.owner.headers, "If-None-Match": first.headers["etag"]}
    again = await world.http.get(path, headers=known)
    assert (again.status_code, again.json()["effect"]) == (200, "returned")
    assert again.json()["review"]["at"] == "2026-03-02T03:00:00.000Z"


async def test_the_tag_of_what_was_read_lets_it_be_corrected(world: World):
    program = world.client
    key = {"Idempotency-Key": str(uuid4())}
    body = {"place": "psh-c-sangkat-4", "kind": "hotel", "capacity": "operator"}
    premises_id = (await program.post("/v1/premises", body, **key)).json()["id"]
    stay = {**make_stay(premises_id), "identity": make_identity()}
    written = await program.post("/v1/stays", stay, **{"Idempotency-Key": str(uuid4())})
    location = written.headers["location"]
    tag = (await program.get(location)).headers["etag"]
    headers = {**program.headers, "Idempotency-Key": str(uuid4()), "If-Match": tag}
    assert (await world.http.patch(location, json={"unit": "7"}, headers=headers)).is_success
    stale = {**headers, "Idempotency-Key": str(uuid4())}
    assert (await world.http.patch(location, json={}, headers=stale)).status_code == 412


async def test_the_first_version_stays_visible_after_a_correction(world: World, stay: UUID):
    await world.officer.review(stay, "return", "wrong_unit")
    identity = make_identity(secondary="ANNA")
    correction = await world.owner.send(
        "stay",
        {"unit": "14"},
        revises=(stay, stay),
        disclosed={"identity": identity},
        after=[stay],
    )
    await world.officer.review(stay, "accept", revision=correction)
    view = await world.owner.read(f"/v1/stays/{stay}")
    assert (view["effect"], view["body"]["unit"]) == ("accepted", "14")
    history = view["history"]
    assert [one["kind"] for one in history] == ["stay", "review", "stay", "review"]
    first, verdict, second, _ = (one["body"] for one in history)
    assert (first["unit"], first["identity"]["secondary"]) == ("12", "ANNA MARIA")
    assert (second["unit"], second["identity"]["secondary"]) == ("14", "ANNA")
    assert first["nationality"] == second["nationality"]
    assert "L898902C3" not in str(history)
    assert (verdict["verdict"], verdict["reasons"]) == ("return", ["wrong_unit"])
