"""What an owner signed stays as he signed it: others enter anew and mend their own."""

from typing import Any
from uuid import UUID

import pytest

from tests import makers
from tests.gateway.asking import ask, declare_stay
from tests.makers import SANGKAT_4
from tests.world import Device, World

CHANGED = {"identity": makers.make_identity(primary="REWRITTEN", born_on="2001")}
LATER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("stay", {"unit": "99"}),
    ("departure", {"left_on": "2026-03-01", "reason": "unknown"}),
    ("withdrawal", {"reason": "other"}),
)


async def _write(author: Device, kind: str, body: dict[str, Any], stay_id: UUID) -> str:
    (result,) = await author.push(author.compose(kind, body, revises=(stay_id, stay_id)))
    return "stored" if result["custody"] == "stored" else result["problem"]["code"]


async def test_a_program_cannot_rewrite_what_an_owner_signed(world: World):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    path = f"PATCH /v1/stays/{stay_id}"
    answer = await ask(world, path, CHANGED, If_Match=f'"{stay_id}"')
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")
    view = await world.owner.read(f"/v1/stays/{stay_id}")
    assert (view["grade"], view["body"]["identity"]["primary"]) == ("author", "ERIKSSON")


@pytest.mark.parametrize(("kind", "body"), LATER)
@pytest.mark.parametrize("role", ["client", "officer"])
async def test_programs_and_officers_leave_an_owners_stay_alone(
    world: World, role: str, kind: str, body: dict[str, Any]
):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    assert await _write(getattr(world, role), kind, body, stay_id) == "not-allowed"


@pytest.mark.parametrize(("kind", "body"), LATER)
async def test_an_officer_mends_what_any_officer_of_the_commune_took_down_on_paper(
    world: World, kind: str, body: dict[str, Any]
):
    premises_id = await world.owner.send_premises()
    stay_id = await world.officer.send_stay(premises_id)
    assert await _write(world.client, kind, body, stay_id) == "not-allowed"
    colleague = await world.new_officer(SANGKAT_4)
    assert await _write(colleague, kind, body, stay_id) == "stored"


@pytest.mark.parametrize(("kind", "body"), LATER)
async def test_a_program_mends_what_it_entered_itself(
    world: World, kind: str, body: dict[str, Any]
):
    stay_id = await world.client.send_stay(await world.owner.send_premises())
    other = await world.new_client(SANGKAT_4)
    assert await _write(other, kind, body, stay_id) == "not-allowed"
    assert await _write(world.officer, kind, body, stay_id) == "not-allowed"
    assert await _write(world.client, kind, body, stay_id) == "stored"


@pytest.mark.parametrize("author", ["client", "officer"])
async def test_premises_of_an_owner_are_not_corrected_by_others(world: World, author: str):
    premises_id = await world.owner.send_premises()
    device: Device = getattr(world, author)
    item = device.compose("premises", {"village": "Phum 9"}, revises=(premises_id, premises_id))
    (result,) = await device.push(item)
    assert result["problem"]["code"] == "not-allowed"


async def test_a_weaker_correction_lowers_the_grade_and_a_stronger_one_does_not_raise_it(
    world: World,
):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    composer = world.register.composer
    revises = (stay_id, stay_id)
    weaker = composer.compose("stay", {"unit": "7"}, revises=revises, place=SANGKAT_4)
    await world.submit(weaker)
    lowered = await world.owner.read(f"/v1/stays/{stay_id}")
    assert (lowered["grade"], lowered["body"]["unit"]) == ("register", "7")
    revises = (stay_id, UUID(lowered["revision"]))
    await world.owner.send("stay", {"unit": "8"}, revises=revises, after=[revises[1]])
    view = await world.owner.read(f"/v1/stays/{stay_id}")
    assert (view["grade"], view["body"]["unit"]) == ("register", "8")
    said = [(one["kind"], one["grade"]) for one in view["history"]]
    assert said == [("stay", "author"), ("stay", "register"), ("stay", "author")]
    authors = [one["author"] for one in view["history"]]
    assert authors[0] == authors[2] == str(world.owner.account_id)
    assert authors[1] != authors[0]


async def test_a_history_names_the_program_on_whose_behalf_the_register_signed(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await declare_stay(world, premises_id)
    view = await world.officer.read(f"/v1/stays/{stay_id}")
    (only,) = view["history"]
    assert (only["author"], only["grade"]) == (str(world.client.account_id), "register")
