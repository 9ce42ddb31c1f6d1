"""The world that other tests live in is what it says."""

from tests.world import World


async def test_a_declaration_goes_from_the_owner_to_the_officer_and_the_program(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    await world.officer.review(stay_id, "accept")
    for reader in (world.owner, world.officer, world.client):
        answer = (await reader.post("/v1/sync/pull", {})).json()
        effects = {view["id"]: view["effect"] for view in answer["snapshot"]}
        assert effects[str(stay_id)] == "accepted"


async def test_an_owner_is_unverified_until_an_officer_compared_the_code(world: World):
    premises_id = await world.owner.send_premises()
    await world.verify(world.owner)
    answer = (await world.owner.post("/v1/sync/pull", {})).json()
    states = {view["id"]: view["author_state"] for view in answer["snapshot"]}
    assert states[str(premises_id)] == "active"
