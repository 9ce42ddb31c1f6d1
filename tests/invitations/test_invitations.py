"""Invitations: single use, seven days, five tries, forgiving to typing."""

import asyncio
from typing import Any

import httpx
import msgspec
import pytest

from sync.keys import public_jwk
from tests import makers
from tests.makers import LOG, SANGKAT_4
from tests.world import Device, World


def _compose(world: World, code: str) -> dict[str, Any]:
    device = Device(world.http, world.clock)
    item = device.compose(
        "account",
        {
            "jwk": msgspec.to_builtins(public_jwk(device.key)),
            "capacity": "officer",
            "language": "km",
            "invitation": code,
        },
        place=LOG,
        disclosed={"contact": makers.make_contact()},
    )
    return {"registration": msgspec.to_builtins(item)}


async def _register(world: World, code: str) -> httpx.Response:
    return await world.http.post("/v1/devices", json=_compose(world, code))


async def test_an_invitation_makes_an_active_officer(world: World):
    answer = await _register(world, await world.invite("officer", SANGKAT_4))
    assert (answer.status_code, answer.json()["role"], answer.json()["state"]) == (
        201,
        "officer",
        "active",
    )


async def test_an_invitation_works_once(world: World):
    code = await world.invite("officer", SANGKAT_4)
    await _register(world, code)
    again = await _register(world, code)
    assert (again.status_code, again.json()["code"]) == (403, "invitation.invalid")


async def test_a_registration_repeated_while_it_is_being_stored_is_answered_the_same(world: World):
    registration = _compose(world, await world.invite("officer", SANGKAT_4))
    posts = [world.http.post("/v1/devices", json=registration) for _ in range(4)]
    answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.text for answer in answers}) == 1


async def test_of_two_who_use_one_invitation_at_the_same_time_one_is_refused(world: World):
    code = await world.invite("officer", SANGKAT_4)
    answers = await asyncio.gather(_register(world, code), _register(world, code))
    assert sorted(answer.status_code for answer in answers) == [201, 403]


async def test_an_invitation_ends_after_seven_days(world: World):
    code = await world.invite("officer", SANGKAT_4)
    world.clock.move(days=7.01)
    assert (await _register(world, code)).status_code == 403


async def test_five_wrong_secrets_burn_an_invitation(world: World):
    code = await world.invite("officer", SANGKAT_4)
    wrong = code[:-4] + ("0000" if code[-4:] != "0000" else "1111")
    for _ in range(5):
        assert (await _register(world, wrong)).status_code == 403
    assert (await _register(world, code)).status_code == 403


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: code.replace("-", " "), lambda c: f" {c} "]
)
async def test_a_code_is_read_however_it_is_typed(world: World, typed):
    code = await world.invite("officer", SANGKAT_4)
    assert (await _register(world, typed(code))).status_code == 201


async def test_a_registration_without_a_valid_code_stores_nothing(world: World):
    answer = await _register(world, "0000-0000-0000-0000")
    async with world.register.engine.reading() as tx:
        rows = await tx.all("SELECT account_id FROM accounts WHERE capacity = 'officer'")
    assert (answer.status_code, len(rows)) == (403, 1)
