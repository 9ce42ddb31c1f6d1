"""Outside a demonstration nothing is collected until somebody answers for the register."""

from pathlib import Path

import msgspec

from tests import makers
from tests.makers import Fields
from tests.world import World, open_world


async def push_premises(world: World) -> tuple[int, Fields]:
    item = world.owner.compose("premises", makers.make_premises())
    answer = await world.owner.post("/v1/sync/push", {"items": [msgspec.to_builtins(item)]})
    return answer.status_code, answer.json()


async def test_premises_are_not_collected_before_the_set_up(tmp_path: Path):
    async with open_world(tmp_path, is_demo=False) as world:
        status, problem = await push_premises(world)
        assert (status, problem["code"]) == (503, "register.not-set-up")
        assert problem["retryable"]


async def test_reading_and_registering_work_before_the_set_up(tmp_path: Path):
    async with open_world(tmp_path, is_demo=False) as world:
        answer = await world.officer.post("/v1/sync/pull", {})
        assert answer.status_code == 200


async def test_a_demonstration_collects_at_once(world: World):
    status, answer = await push_premises(world)
    assert (status, answer["results"][0]["custody"]) == (200, "stored")
