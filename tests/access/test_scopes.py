"""What a scope keeps shut is shut at every door: nobody is named to a program that may not read."""

import pytest

from tests.makers import SANGKAT_4
from tests.world import World

NAME = "ERIKSSON"
DOORS = (
    "/v1/stays",
    "/v1/premises",
    "/v1/declarations",
    "/v1/pledges",
    f"/v1/communes/{SANGKAT_4}/inbox",
)


@pytest.mark.parametrize("scope", ["feed:read", "registrations:write", "relay"])
async def test_a_program_that_may_not_read_is_told_no_name(world: World, scope: str):
    stay_id = await world.owner.send_stay(await world.owner.send_premises())
    program = await world.new_client(SANGKAT_4, scopes=(scope,))
    answers = [await program.get(door) for door in (*DOORS, f"/v1/stays/{stay_id}")]
    answers.append(await program.post("/v1/sync/pull", {"limit": 500}))
    answers.append(await program.get("/v1/feed", view="full"))
    assert [answer.is_error for answer in answers] == [True] * len(answers)
    thin = await program.get("/v1/feed")
    assert NAME not in "".join(answer.text for answer in (*answers, thin))


async def test_a_program_that_may_read_pulls(world: World):
    await world.owner.send_stay(await world.owner.send_premises())
    program = await world.new_client(SANGKAT_4, scopes=("registrations:read",))
    assert NAME in (await program.post("/v1/sync/pull", {"limit": 500})).text
