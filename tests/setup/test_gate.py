"""Outside a demonstration nothing is collected until somebody answers for the register."""

from pathlib import Path

import msgspec
import pytest

from sync.keys import decode_base64url
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


def position(head: str) -> int:
    claims = head.split(".")[1]
    return int(msgspec.json.decode(decode_base64url(claims))["pos"])


@pytest.mark.parametrize("is_invited", [False, True])
async def test_nobody_registers_before_the_set_up(tmp_path: Path, *, is_invited: bool):
    async with open_world(tmp_path, is_demo=False) as world:
        before = (await world.http.get(f"/v1/logs/{makers.LOG}/head")).json()["head"]
        code = await world.invite("officer", makers.SANGKAT_4) if is_invited else None
        with pytest.raises(AssertionError, match=r"register\.not-set-up"):
            await world.new_owner(invitation=code)
        after = (await world.http.get(f"/v1/logs/{makers.LOG}/head")).json()["head"]
        assert position(after) == position(before)
        world.register.committer.gate.open()
        await world.new_owner(invitation=code)


async def test_reading_works_before_the_set_up(tmp_path: Path):
    async with open_world(tmp_path, is_demo=False) as world:
        answer = await world.officer.post("/v1/sync/pull", {})
        assert answer.status_code == 200


async def test_a_demonstration_collects_at_once(world: World):
    status, answer = await push_premises(world)
    assert (status, answer["results"][0]["custody"]) == (200, "stored")
