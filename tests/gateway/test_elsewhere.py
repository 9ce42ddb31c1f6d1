"""A write into another commune is answered as if what it names were not there."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from sync.document import uuid7
from tests import makers
from tests.access.people import find_order
from tests.gateway.asking import ask, make_premises, make_stay
from tests.makers import SANGKAT_1, SANGKAT_4, Fields
from tests.world import Device, World, expect

LEFT = {"left_on": "2026-03-01", "reason": "unknown"}
GONE = {"reason": "entered_twice"}
NOWHERE = "psh-c-nowhere"


def read(answer: httpx.Response) -> Fields:
    """Return a refusal without the id of its request."""
    return {**answer.json(), "request_id": ""}


async def declare_elsewhere(world: World) -> dict[str, UUID]:
    """Premises with a stay and a declaration in the commune of another program."""
    other = await world.new_client(SANGKAT_1)
    premises = await ask(world, "POST /v1/premises", make_premises(place=SANGKAT_1), by=other)
    premises_id = expect(premises)["id"]
    stay = await ask(world, "POST /v1/stays", make_stay(premises_id), by=other)
    body = makers.make_declaration(premises_id, await find_order(other))
    declared = await ask(world, "POST /v1/declarations", body, by=other)
    return {
        "premises": UUID(premises_id),
        "stays": UUID(expect(stay)["id"]),
        "declarations": UUID(expect(declared)["id"]),
    }


def writers(world: World) -> tuple[Device, Device]:
    return world.client, world.officer


async def test_an_entry_elsewhere_is_not_found_like_one_that_never_was(world: World):
    entries = await declare_elsewhere(world)
    calls = [
        ("POST /v1/stays/{}/departure", "stays", LEFT),
        ("PATCH /v1/stays/{}", "stays", {"unit": "13"}),
        *((f"POST /v1/{kind}/{{}}/withdrawal", kind, GONE) for kind in entries),
    ]
    for device in writers(world):
        for request, kind, body in calls:
            tag = f'"{entries[kind]}"'
            sent: Any = [
                await ask(world, request.format(one), body, by=device, If_Match=tag)
                for one in (entries[kind], uuid7())
            ]
            assert [answer.status_code for answer in sent] == [404, 404], request
            assert read(sent[0]) == read(sent[1])


@pytest.mark.parametrize("content", ["stays", "declarations", "pledges"])
async def test_premises_elsewhere_are_not_found_like_such_that_never_were(
    world: World, content: str
):
    entries = await declare_elsewhere(world)
    order_id = await find_order(world.officer)
    for premises_id in (entries["premises"], uuid7()):
        bodies = {
            "stays": make_stay(premises_id),
            "declarations": makers.make_declaration(premises_id, order_id),
            "pledges": {
                **makers.make_pledge(premises_id, order_id, unlocked_by="none"),
                "identity": makers.make_signer(witness="TEST DATA Witness"),
            },
        }
        for device in (world.officer,) if content == "pledges" else writers(world):
            answer = await ask(world, f"POST /v1/{content}", bodies[content], by=device)
            assert answer.status_code == 404
            assert read(answer)["errors"] == [{"pointer": "/premises_id", "code": "field.value"}]


async def test_premises_elsewhere_are_not_found_under_the_callers_own_place(world: World):
    home = (await declare_elsewhere(world))["premises"]
    for device in writers(world):
        for dry_run in ("", "?dry_run=1"):
            request = f"POST /v1/stays{dry_run}"
            plain = await ask(world, request, make_stay(home), by=device)
            named = await ask(world, request, make_stay(home, place=SANGKAT_4), by=device)
            assert (named.status_code, read(named)) == (404, read(plain))


async def test_a_place_elsewhere_is_not_found_like_one_that_is_none(world: World):
    home = (await declare_elsewhere(world))["premises"]
    for device in writers(world):
        answers = [
            await ask(world, request, body, by=device)
            for place in (SANGKAT_1, NOWHERE)
            for request, body in (
                ("POST /v1/premises", make_premises(place=place)),
                ("POST /v1/stays", make_stay(home, place=place)),
                ("POST /v1/stays", make_stay(uuid7(), place=place)),
            )
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert all(read(answer) == read(answers[0]) for answer in answers)


async def test_a_row_elsewhere_is_not_found_like_one_that_never_was(world: World):
    home = (await declare_elsewhere(world))["premises"]
    for changes in ({}, {"place": SANGKAT_1}, {"place": NOWHERE}):
        answers: Any = [
            expect(await ask(world, "POST /v1/stays/batch", {"rows": [row]}))["results"][0]
            for premises_id in (home, uuid7())
            for row in [{"idempotency_key": str(uuid7()), **make_stay(premises_id, **changes)}]
        ]
        problems = [{**answer["problem"], "request_id": ""} for answer in answers]
        assert [answer["status"] for answer in answers] == [404, 404]
        assert problems[0] == problems[1]
        assert problems[0]["code"] == "not-found"


async def test_a_correction_that_moves_a_stay_elsewhere_finds_no_such_place(world: World):
    home = expect(await ask(world, "POST /v1/premises", make_premises()))["id"]
    stay_id = expect(await ask(world, "POST /v1/stays", make_stay(home)))["id"]
    answers = [
        await ask(world, f"PATCH /v1/stays/{stay_id}", {"place": place}, If_Match=f'"{stay_id}"')
        for place in (SANGKAT_1, NOWHERE)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert read(answers[0]) == read(answers[1])
