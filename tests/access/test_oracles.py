"""What a stranger cannot see he cannot infer either: not that it is there, and not where."""

from uuid import UUID

import pytest

from sync.document import read_document, uuid7
from sync.messages import Item
from tests import makers
from tests.makers import LOG, SANGKAT_1, SANGKAT_4
from tests.world import Device, World

ELSEWHERE = "psh-c-kampenh"


async def ask_have(device: Device, *ids: UUID) -> dict:
    answer = await device.post("/v1/sync/pull", {"limit": 1, "have": [str(one) for one in ids]})
    return answer.json()


def compose_stay(author: Device, premises_id: UUID, place: str = SANGKAT_4) -> Item:
    disclosed = {"identity": makers.make_identity()}
    return author.compose("stay", makers.make_stay(premises_id), place=place, disclosed=disclosed)


async def strangers(world: World) -> list[Device]:
    return [
        await world.new_owner(),
        await world.new_officer(SANGKAT_1),
        await world.new_client(SANGKAT_1),
    ]


async def test_a_stored_id_of_others_looks_like_one_that_never_was(world: World):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    never = uuid7()
    for stranger in await strangers(world):
        page = await ask_have(stranger, stay_id, never)
        assert page["at"] == {}
        assert page["missing"] == [str(stay_id), str(never)]
    assert list((await ask_have(world.officer, stay_id))["at"]) == [str(stay_id)]


async def test_a_waiting_id_of_others_looks_like_one_that_never_was(world: World):
    (result,) = await world.owner.push(compose_stay(world.owner, uuid7()))
    assert result["custody"] == "held"
    held = UUID(result["id"])
    for stranger in await strangers(world):
        assert (await ask_have(stranger, held))["missing"] == [str(held)]
    assert (await ask_have(world.owner, held))["missing"] == []


async def test_who_carried_for_others_finds_again_what_he_brought(world: World):
    relay = await world.new_client(SANGKAT_1, scopes=("relay", "registrations:read"))
    premises = world.owner.compose("premises", makers.make_premises())
    results = await relay.push(premises, compose_stay(world.owner, uuid7()))
    stored, held = (UUID(result["id"]) for result in results)
    page = await ask_have(relay, stored, held)
    assert list(page["at"]) == [str(stored)]
    assert page["missing"] == []


async def test_who_waits_under_an_id_of_others_does_not_push_them_out(world: World):
    stranger = await world.new_owner()
    home, foreign = (
        author.compose("premises", makers.make_premises()) for author in (world.owner, stranger)
    )
    home_id, foreign_id = (read_document(one).id for one in (home, foreign))
    waiting = compose_stay(world.owner, home_id)
    squatting = stranger.compose(
        "stay",
        makers.make_stay(foreign_id),
        id=read_document(waiting).id,
        place=SANGKAT_1,
        disclosed={"identity": makers.make_identity()},
    )
    for author, item in ((world.owner, waiting), (stranger, squatting)):
        (held,) = await author.push(item)
        assert held["custody"] == "held"
    await stranger.push(foreign)
    await world.owner.push(home)
    stay_id = read_document(waiting).id
    assert (await world.owner.read(f"/v1/stays/{stay_id}"))["premises_id"] == str(home_id)


@pytest.mark.parametrize("named", [SANGKAT_1, SANGKAT_4, ELSEWHERE])
async def test_nobody_learns_by_writing_where_premises_of_others_are(world: World, named: str):
    home = await world.owner.send_premises(place=ELSEWHERE)
    stay_id = await world.owner.send_stay(home, place=ELSEWHERE)
    for stranger in await strangers(world):
        revises = (stay_id, stay_id)
        left = {"left_on": "2026-03-01", "reason": "unknown"}
        verdict = {"verdict": "accept", "reasons": []}
        items = [
            compose_stay(stranger, home, named),
            stranger.compose("departure", left, revises=revises, place=named),
            stranger.compose(
                "withdrawal", {"reason": "entered_by_mistake"}, revises=revises, place=named
            ),
            stranger.compose("review", verdict, revises=revises, place=named),
            stranger.compose("premises", {"village": "x"}, revises=(home, home), place=named),
        ]
        for result in await stranger.push(*items):
            assert result["problem"]["code"] == "not-allowed"
            assert result["problem"].get("details", {}) == {}
            assert ELSEWHERE not in str(result["problem"])


async def test_a_program_does_not_learn_by_plain_writes_where_premises_of_others_are(world: World):
    home = await world.owner.send_premises(place=ELSEWHERE)
    stay = {**makers.make_stay(home), "identity": makers.make_identity()}
    for dry_run in ("", "?dry_run=1"):
        for place in ({}, {"place": SANGKAT_4}, {"place": SANGKAT_1}):
            key = {"Idempotency-Key": str(uuid7())}
            answer = await world.client.post(f"/v1/stays{dry_run}", {**stay, **place}, **key)
            assert answer.is_error
            assert ELSEWHERE not in answer.text


async def test_who_may_write_there_is_told_the_right_commune(world: World):
    home = await world.owner.send_premises(place=ELSEWHERE)
    officer = await world.new_officer(SANGKAT_4, ELSEWHERE)
    for author in (world.owner, officer):
        (result,) = await author.push(compose_stay(author, home))
        assert result["problem"]["code"] == "wrong-commune"
        assert result["problem"]["details"] == {"place": ELSEWHERE}


async def test_a_bait_with_somebodys_number_tells_a_commune_nothing(world: World):
    number = makers.make_document("HUNTED77")
    home = await world.owner.send_premises(place=ELSEWHERE)
    hunted = await world.owner.send_stay(home, place=ELSEWHERE, document=number)
    bait = await world.officer.send_stay(await world.officer.send_premises(), document=number)
    for reader in (world.officer, world.client, await world.new_officer(SANGKAT_4, role="node")):
        pulled = await reader.post("/v1/sync/pull", {"limit": 500})
        said = pulled.text
        if reader is world.officer:
            said += (await reader.get(f"/v1/stays/{bait}")).text
            said += (await reader.get("/v1/review/fresh")).text
        assert str(bait) in said
        assert str(hunted) not in said
        assert "same_document_elsewhere" not in said
    province = await world.new_officer(LOG, role="province")
    (mark,) = [
        mark
        for mark in (await province.read(f"/v1/stays/{bait}"))["marks"]
        if mark["code"] == "same_document_elsewhere"
    ]
    assert mark["params"] == {"stays": [str(hunted)]}
