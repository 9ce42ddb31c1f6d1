"""A number of visa or permit in the wrong place is sent back before it is signed for good."""

from typing import Any
from uuid import UUID

import pytest

from sync.document import uuid7
from tests import makers
from tests.gateway.asking import ask, declare_premises, declare_stay, list_entries, make_stay
from tests.makers import Fields
from tests.world import World

NUMBER = "TESTNO77665544"
VISA: Fields = {"class": "EB", "number": NUMBER}
ASTRAY: list[tuple[Fields, str]] = [
    ({"visa": VISA}, "visa number"),
    ({"visa": {"class": "EB", "visa_number": NUMBER}}, "visa visa_number"),
    ({"visa_number": NUMBER}, "visa_number"),
    ({"work": {"employer": "TEST", "permit": {"number": NUMBER}}}, "work permit number"),
    ({"work": {"employer": "TEST", "work_permit": {"number": 7}}}, "work work_permit number"),
    ({"work_permit": {"state": "valid", "number": NUMBER}}, "work_permit number"),
    ({"permit_number": NUMBER}, "permit_number"),
]


def refusal_of(problem: Any) -> tuple[int, str, list[Fields]]:
    return problem["status"], problem["code"], problem["errors"]


def astray(*steps: str) -> tuple[int, str, list[Fields]]:
    pointer = "".join(f"/{step}" for step in steps)
    return 422, "schema", [{"pointer": pointer, "code": "field.belongs-in-document"}]


@pytest.mark.parametrize(("said", "steps"), ASTRAY)
async def test_a_new_stay_is_sent_back(world: World, said: Fields, steps: str):
    stay = make_stay(await declare_premises(world), **said)
    before = await list_entries(world)
    for request in ("POST /v1/stays", "POST /v1/stays?dry_run=1"):
        answer = await ask(world, request, stay)
        assert refusal_of(answer.json()) == astray(*steps.split())
        assert NUMBER not in answer.text
    assert await list_entries(world) == before


async def test_a_row_of_a_batch_is_sent_back_alone(world: World):
    premises_id = await declare_premises(world)
    changes: list[Fields] = [{}, {"visa": VISA}]
    rows = [{**make_stay(premises_id, **one), "idempotency_key": str(uuid7())} for one in changes]
    answer = await ask(world, "POST /v1/stays/batch", {"rows": rows})
    first, second = answer.json()["results"]
    assert first["status"] == 201
    assert refusal_of(second["problem"]) == astray("rows", "1", "visa", "number")


async def test_a_correction_is_sent_back_and_may_take_a_number_away(world: World):
    stay_id = await declare_stay(world, await declare_premises(world))
    request, base = f"PATCH /v1/stays/{stay_id}", f'"{stay_id}"'
    refused = await ask(world, request, {"visa": {"number": NUMBER}}, If_Match=base)
    assert refusal_of(refused.json()) == astray("visa", "number")
    taken = await ask(world, request, {"visa": {"number": None}}, If_Match=base)
    assert taken.status_code == 200


async def test_numbers_in_their_place_and_other_names_are_taken(world: World):
    document = makers.make_document(visa_number=NUMBER, permit_number=NUMBER)
    said = {"document": document, "visa": {"class": "EB", "sticker": "A"}, "work": "unknown"}
    stay_id = await declare_stay(world, await declare_premises(world), **said)
    assert (await world.officer.get(f"/v1/stays/{stay_id}")).status_code == 200


async def test_what_a_phone_signed_is_kept(world: World):
    premises_id = await world.owner.send_premises()
    assert isinstance(await world.owner.send_stay(premises_id, visa=VISA), UUID)
