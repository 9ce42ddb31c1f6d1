"""Signing in: what an assertion must say, and when a token ends."""

import pytest

from sync.document import uuid7
from sync.keys import new_private_key
from sync.sign_in import make_assertion, make_form
from tests.world import BASE_URL, World


async def _ask(world: World, key, nonce: str, *, base_url: str = BASE_URL, ms: int = 0):
    assertion = make_assertion(
        key, base_url, nonce, server_ms=world.clock() + ms, jti=uuid7(world.clock())
    )
    return await world.http.post("/oauth/token", data=make_form("phone", assertion))


async def _nonce(world: World) -> str:
    return (await world.http.get("/v1/sync/info")).json()["nonce"]


async def test_a_key_that_never_registered_is_told_to(world: World):
    answer = await _ask(world, new_private_key(), await _nonce(world))
    assert (answer.status_code, answer.json()["code"]) == (401, "device-unknown")


async def test_an_assertion_for_another_server_does_not_hold(world: World):
    answer = await _ask(
        world, world.owner.key, await _nonce(world), base_url="https://elsewhere.example"
    )
    assert answer.json()["code"] == "assertion.invalid"


async def test_a_nonce_older_than_two_minutes_does_not_hold(world: World):
    nonce = await _nonce(world)
    world.clock.move(minutes=2.1)
    assert (await _ask(world, world.owner.key, nonce)).status_code == 401


async def test_a_nonce_of_somebody_elses_making_does_not_hold(world: World):
    answer = await _ask(world, world.owner.key, "AAABogAoJNut2xPPL7SRQAo4FtZ4HwEp")
    assert answer.json()["code"] == "assertion.invalid"


async def test_an_assertion_is_used_once(world: World):
    assertion = make_assertion(
        world.owner.key,
        BASE_URL,
        await _nonce(world),
        server_ms=world.clock(),
        jti=uuid7(world.clock()),
    )
    first = await world.http.post("/oauth/token", data=make_form("phone", assertion))
    second = await world.http.post("/oauth/token", data=make_form("phone", assertion))
    assert (first.status_code, second.status_code) == (200, 401)


async def test_the_token_itself_is_not_kept(world: World):
    token = world.owner.headers["Authorization"].removeprefix("Bearer ")
    data = world.register.settings.database_path.read_bytes()
    wal = world.register.settings.database_path.with_name("register.sqlite3-wal")
    assert token.encode() not in data + wal.read_bytes()


async def test_a_phones_token_ends_after_twelve_hours(world: World):
    world.clock.move(minutes=12 * 60 - 1)
    assert (await world.owner.post("/v1/sync/pull", {})).status_code == 200
    world.clock.move(minutes=2)
    assert (await world.owner.post("/v1/sync/pull", {})).json()["code"] == "token.invalid"


async def test_an_officers_token_ends_after_fifteen_idle_minutes(world: World):
    for _ in range(3):
        world.clock.move(minutes=14)
        assert (await world.officer.post("/v1/sync/pull", {})).status_code == 200
    world.clock.move(minutes=16)
    assert (await world.officer.post("/v1/sync/pull", {})).status_code == 401


async def test_a_programs_token_ends_after_ten_minutes(world: World):
    world.clock.move(minutes=11)
    assert (await world.client.post("/v1/sync/pull", {})).status_code == 401


async def test_a_revoked_key_is_signed_out_at_once(world: World):
    lost = f"/v1/devices/{world.owner.kid}?reason=lost"
    answer = await world.http.delete(lost, headers=world.owner.headers)
    assert answer.status_code == 204
    assert (await world.owner.post("/v1/sync/pull", {})).status_code == 401
    refused = await _ask(world, world.owner.key, await _nonce(world))
    assert refused.json()["code"] == "device-revoked"


async def test_nobody_revokes_the_key_of_another(world: World):
    answer = await world.http.delete(
        f"/v1/devices/{world.officer.kid}", headers=world.owner.headers
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("header", ["", "Basic eDp5", "Bearer ", "Bearer ភាសា"])
async def test_anything_but_a_known_bearer_token_is_refused(world: World, header: str):
    answer = await world.http.post(
        "/v1/sync/pull", json={}, headers=[(b"Authorization", header.encode())]
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "token.invalid")
