"""Invitations: single use, seven days, tries counted by address, forgiving to typing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

import httpx
import msgspec
import pytest

from sync.document import read_document
from sync.keys import public_jwk
from tests import makers
from tests.makers import LOG, SANGKAT_1, SANGKAT_4
from tests.world import BASE_URL, Device, World


def _compose(world: World, code: str, capacity: str, **frame: Any) -> dict[str, Any]:
    device = Device(world.http, world.clock)
    item = device.compose(
        "account",
        {
            "jwk": msgspec.to_builtins(public_jwk(device.key)),
            "capacity": capacity,
            "language": "km",
            **({"invitation": code} if code else {}),
        },
        place=LOG,
        **frame,
        disclosed={"contact": makers.make_contact()},
    )
    return {"registration": msgspec.to_builtins(item)}


async def _register(
    world: World, code: str, *, capacity: str = "officer", **frame: Any
) -> httpx.Response:
    registration = _compose(world, code, capacity, **frame)
    return await world.http.post("/v1/devices", json=registration)


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


@pytest.mark.parametrize("capacity", ["officer", "owner"])
async def test_of_registrations_repeated_in_parallel_one_is_the_first(world: World, capacity: str):
    code = await world.invite("officer", SANGKAT_4) if capacity == "officer" else ""
    registration = _compose(world, code, capacity)
    posts = [world.http.post("/v1/devices", json=registration) for _ in range(4)]
    answers = await asyncio.gather(*posts)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.text for answer in answers}) == 1


async def test_a_private_key_is_not_taken_into_the_log(world: World):
    device = Device(world.http, world.clock)
    jwk = {**msgspec.to_builtins(public_jwk(device.key)), "d": "A" * 43}
    body = {"jwk": jwk, "capacity": "owner", "language": "km"}
    item = device.compose("account", body, place=LOG, disclosed={"contact": makers.make_contact()})
    registration = {"registration": msgspec.to_builtins(item)}
    answer = await world.http.post("/v1/devices", json=registration)
    assert (answer.status_code, answer.json()["code"]) == (422, "schema")
    assert answer.json()["errors"] == [{"pointer": "/body/jwk/d", "code": "field.type"}]


async def test_of_two_who_use_one_invitation_at_the_same_time_one_is_refused(world: World):
    code = await world.invite("officer", SANGKAT_4)
    answers = await asyncio.gather(_register(world, code), _register(world, code))
    assert sorted(answer.status_code for answer in answers) == [201, 403]


async def test_an_invitation_ends_after_seven_days(world: World):
    code = await world.invite("officer", SANGKAT_4)
    world.clock.move(days=7.01)
    assert (await _register(world, code)).status_code == 403


def _miss(code: str) -> str:
    return code[:-4] + ("0000" if code[-4:] != "0000" else "1111")


@asynccontextmanager
async def _calling_from(world: World, address: str) -> AsyncIterator[World]:
    """The same register, reached from another address."""
    transport = httpx.ASGITransport(cast("Any", world.app), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        yield World(world.app, http, world.clock)


async def test_five_wrong_codes_an_hour_are_all_that_an_address_has(world: World):
    code = await world.invite("officer", SANGKAT_4)
    answers = [await _register(world, f"0000-0000-0000-000{n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert (await _register(world, code)).status_code == 429
    world.clock.move(minutes=60)
    assert (await _register(world, code)).status_code == 201


async def test_wrong_codes_at_once_are_not_more_than_in_turn(world: World):
    answers = await asyncio.gather(*(_register(world, "0000-0000-0000-0000") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [403] * 5 + [429] * 15


async def test_right_codes_are_not_counted(world: World):
    for _ in range(7):
        code = await world.invite("officer", SANGKAT_4)
        assert (await _register(world, code)).status_code == 201


@pytest.mark.parametrize(
    ("code", "capacity", "taken"), [("0000-0000-0000-0000", "officer", 403), ("", "owner", 201)]
)
async def test_one_line_of_ipv6_is_one_address(world: World, code: str, capacity: str, taken: int):
    statuses: list[int] = []
    for number in (*(f"2::{n}" for n in range(6)), "3::1"):
        async with _calling_from(world, f"2001:db8:1:{number}") as caller:
            statuses.append((await _register(caller, code, capacity=capacity)).status_code)
    assert statuses == [taken] * 5 + [429, taken]


async def test_wrong_secrets_let_an_invitation_rest_and_never_end_it(world: World):
    code = await world.invite("officer", SANGKAT_4)
    statuses: list[int] = []
    for n in range(10):
        async with _calling_from(world, f"192.0.2.{n}") as caller:
            statuses.append((await _register(caller, _miss(code))).status_code)
    assert statuses == [403] * 5 + [429] * 5
    assert (await _register(world, code)).status_code == 429
    world.clock.move(minutes=1.1)
    assert (await _register(world, code)).status_code == 201


async def _list_accounts(world: World) -> list[tuple[Any, ...]]:
    async with world.register.engine.reading() as tx:
        return await tx.all("SELECT account_id, role, state, places FROM accounts ORDER BY 1")


async def test_a_used_code_opens_no_account(world: World):
    code = await world.invite("officer", SANGKAT_4)
    await _register(world, code)
    before = await _list_accounts(world)
    assert (await _register(world, code)).status_code == 403
    assert await _list_accounts(world) == before


@pytest.mark.parametrize("whose", ["officer", "owner", "client", "register"])
async def test_an_invitation_changes_no_account_that_exists(world: World, whose: str):
    before = await _list_accounts(world)
    by_role = {role: UUID(bytes=account_id) for account_id, role, *_ in before}
    code = await world.invite("owner", SANGKAT_1)
    answer = await _register(world, code, id=by_role[whose], entity=by_role[whose])
    assert (answer.status_code, answer.json()["code"]) == (422, "id-reuse")
    assert await _list_accounts(world) == before
    assert (await _register(world, code)).status_code == 201


async def test_a_registration_is_never_held(world: World):
    """What it waits for could come after the invitation has ended."""
    premises = world.owner.compose("premises", makers.make_premises())
    missing, before = read_document(premises).id, await _list_accounts(world)
    for code in ("", await world.invite("officer", SANGKAT_4)):
        answer = await _register(world, code, capacity="manager", after=[missing])
        assert (answer.status_code, answer.json()["code"]) == (422, "dependency")
    (result,) = await world.owner.push(premises)
    assert result["custody"] == "stored"
    assert await _list_accounts(world) == before


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
