"""A pledge on paper is entered by an officer, to the letter of the text, and by nobody else."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from sync.document import uuid7
from tests import makers
from tests.access.people import find_order
from tests.gateway.asking import ask
from tests.makers import Fields
from tests.world import World, expect

WITNESSED = makers.make_signer(witness="TEST DATA Witness")


async def make_paper(world: World, premises_id: UUID, **changes: Any) -> Fields:
    """A pledge as it is typed from paper."""
    order_id = await find_order(world.officer)
    personal = {"unlocked_by": None, "identity": WITNESSED}
    return makers.make_pledge(premises_id, order_id, **{**personal, **changes})


async def enter(world: World, premises_id: UUID, **changes: Any) -> httpx.Response:
    paper = await make_paper(world, premises_id, **changes)
    return await ask(world, "POST /v1/pledges", paper, by=world.officer)


async def test_an_officer_enters_a_pledge_that_was_signed_on_paper(world: World):
    premises_id = await world.owner.send_premises()
    answer = await enter(world, premises_id)
    view = expect(answer)["view"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/pledges/{view['id']}"
    assert (view["grade"], view["body"]["unlocked_by"]) == ("paper", "none")
    assert view["body"]["identity"] == WITNESSED
    assert view["author"] == str(world.officer.account_id)
    read = await world.officer.read(f"/v1/pledges/{view['id']}")
    assert read["body"]["identity"]["witness"] == "TEST DATA Witness"


async def test_programs_and_owners_enter_no_pledge(world: World):
    paper = await make_paper(world, await world.owner.send_premises())
    for device in (world.client, world.owner):
        answer = await ask(world, "POST /v1/pledges", paper, by=device)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"identity": makers.make_signer()}, "/identity/witness", "field.required"),
        ({"identity": makers.make_signer(witness="")}, "/identity/witness", "field.required"),
        ({"identity": "TEST DATA"}, "/identity", "field.type"),
        ({"identity": None}, "/identity", "field.required"),
        ({"unlocked_by": "pin"}, "/unlocked_by", "field.value"),
        ({"text_hash": "A" * 43}, "/text_hash", "field.value"),
        ({"clauses": [1]}, "/clauses", "field.value"),
    ],
)
async def test_a_paper_is_checked_as_any_pledge(
    world: World, change: Fields, pointer: str, code: str
):
    answer = await enter(world, await world.owner.send_premises(), **change)
    errors = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert (answer.status_code, errors) == (422, [(pointer, code)])


async def test_a_paper_of_another_text_says_so(world: World):
    answer = await enter(world, await world.owner.send_premises(), version="of-my-own")
    assert answer.json()["code"] == "pledge.text-unknown"


async def test_a_paper_sent_twice_is_entered_once(world: World):
    paper, key = await make_paper(world, await world.owner.send_premises()), uuid7()
    first, again = [
        await ask(world, "POST /v1/pledges", paper, by=world.officer, key=key) for _ in range(2)
    ]
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_the_paper_of_the_manager_leaves_that_of_the_owner(world: World):
    premises_id = await world.owner.send_premises()
    first, other, again = [
        expect(await enter(world, premises_id, capacity=capacity))["id"]
        for capacity in ("owner", "manager", "owner")
    ]
    page = await world.officer.read("/v1/pledges", premises_id=str(premises_id))
    effects = {view["id"]: view["effect"] for view in page["items"]}
    assert effects == {first: "superseded", other: "pending", again: "pending"}
