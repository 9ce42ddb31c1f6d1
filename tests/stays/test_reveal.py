"""A number is read in full for a reason, twenty times a day, and leaves a row."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.makers import LOG, SANGKAT_1, make_identity, make_stay
from tests.world import Device, World

REASON = {"reason": "TEST DATA: compared at the post"}


@pytest.fixture
async def stay(world: World) -> UUID:
    return await world.owner.send_stay(await world.owner.send_premises())


async def reveal(device: Device, stay: UUID, body: Any = REASON) -> Any:
    return await device.post(f"/v1/stays/{stay}/reveal", body)


async def count_looks(world: World) -> int:
    async with world.register.engine.reading() as tx:
        rows = await tx.all("SELECT reason FROM audit WHERE action = 'stay.reveal'")
    assert {row[0] for row in rows} <= {REASON["reason"]}
    return len(rows)


async def test_what_is_not_in_the_scope_is_not_there_to_reveal(world: World, stay: UUID):
    other = await world.new_officer(SANGKAT_1)
    for officer, wanted in ((other, stay), (world.officer, uuid4())):
        assert (await reveal(officer, wanted)).status_code == 404
    for role in ("district", "auditor", "analyst"):
        officer = await world.new_officer(LOG, role=role)
        assert (await reveal(officer, stay)).status_code == 403
    for device in (world.owner, world.client):
        assert (await reveal(device, stay)).status_code == 403
    assert await count_looks(world) == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "field.required"),
        ({"reason": ""}, "field.too-short"),
        ({"reason": "x" * 201}, "field.too-long"),
        ({"reason": 7}, "field.type"),
        ({"reason": "TEST\u202eDATA"}, "field.text"),
    ],
)
async def test_without_a_reason_nothing_is_revealed(world: World, stay: UUID, body: Any, code: str):
    answer = await reveal(world.officer, stay, body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "schema")
    assert problem["errors"] == [{"pointer": "/reason", "code": code}]
    assert "L898902C3" not in answer.text
    assert await count_looks(world) == 0


async def test_an_officer_reads_the_number_and_leaves_a_row(world: World, stay: UUID):
    answer = await reveal(world.officer, stay)
    assert answer.json()["document"]["number"] == "L898902C3"
    assert answer.json()["remaining"] == 19
    assert answer.headers["cache-control"] == "no-store"
    assert await count_looks(world) == 1


async def test_twenty_a_day_is_the_end_also_in_parallel(world: World, stay: UUID):
    answers = await asyncio.gather(*(reveal(world.officer, stay) for _ in range(23)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 3
    assert all(answer.json()["code"] == "overload.requests" for answer in refused)
    assert all(14 * 3600 <= int(answer.headers["retry-after"]) <= 21 * 3600 for answer in refused)
    assert await count_looks(world) == 20
    colleague = await world.new_officer("psh-c-sangkat-4")
    assert (await reveal(colleague, stay)).status_code == 200
    world.clock.move(minutes=14 * 60 + 1)
    await world.officer.sign_in()
    assert (await reveal(world.officer, stay)).json()["remaining"] == 19


async def test_the_budget_is_the_account_s_and_not_the_token_s(world: World, stay: UUID):
    for _ in range(20):
        assert (await reveal(world.officer, stay)).status_code == 200
    await world.officer.sign_in()
    assert (await reveal(world.officer, stay)).status_code == 429
    colleague = await world.new_officer("psh-c-sangkat-4")
    assert (await reveal(colleague, stay)).json()["remaining"] == 19
    assert (await reveal(world.officer, stay)).status_code == 429


async def test_a_stay_without_a_document_has_none_to_reveal(world: World):
    premises_id = await world.owner.send_premises()
    body = make_stay(premises_id, document_missing="never_issued")
    stay = await world.owner.send("stay", body, disclosed={"identity": make_identity()})
    assert (await reveal(world.officer, stay)).json()["document"] is None
