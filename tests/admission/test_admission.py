"""Readers keep no writer out, nor writers a reader, nor anybody those who sign in."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import httpx
import msgspec
import pytest

from api.admission.rates import Rates
from api.admission.turns import Turns
from api.limits import (
    BODIES_BYTES_MAX,
    BODIES_OF_ONE_BYTES_MAX,
    REGISTRATIONS,
    RETRY_SECONDS_MAX,
    Rate,
)
from api.problems import TooManyRequests
from tests import makers
from tests.world import BASE_URL, Device, World

SMALL = Rate("account", 6, 60_000, lease=2, uncounted=1)


def count_few(world: World, *, free: frozenset[str] = frozenset()) -> None:
    """Let accounts make seven requests a minute."""
    register = world.register
    secret = register.keys.nonce_key
    world.app.state.rates = Rates(
        register.engine, register.log, register.clock, secret=secret, free=free, of_account=SMALL
    )


def is_told_to_wait(answer: httpx.Response, code: str, status: int) -> bool:
    assert answer.json()["code"] == code
    return answer.status_code == status and int(answer.headers["Retry-After"]) >= 1


async def test_an_account_that_asks_too_often_waits_and_the_others_do_not(world: World):
    count_few(world, free=frozenset({"127.0.0.1"}))
    statuses = [(await world.owner.get("/v1/stays")).status_code for _ in range(9)]
    assert statuses == [200] * 7 + [429] * 2
    refused = await world.owner.get("/v1/stays")
    assert is_told_to_wait(refused, "overload.requests", 429)
    assert 60 <= int(refused.headers["Retry-After"]) <= 90
    assert (await world.officer.get("/v1/stays")).status_code == 200
    await world.owner.sign_in()
    assert (await world.owner.get("/v1/stays")).status_code == 429
    world.clock.move(minutes=1)
    assert (await world.owner.get("/v1/stays")).status_code == 200


@asynccontextmanager
async def calling_from(world: World, address: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(cast("Any", world.app), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        yield http


async def use_up(world: World, address: str) -> None:
    """Ask without signing in until no more is granted."""
    with suppress(TooManyRequests):
        while True:
            await world.app.state.rates.admit_address(address)


async def test_an_address_that_is_used_up_keeps_out_strangers_only(world: World):
    wrong = {"Authorization": "Bearer wrong"}
    async with calling_from(world, "203.0.113.7") as http:
        assert (await http.get("/v1/stays", headers=wrong)).status_code == 401
        await use_up(world, "203.0.113.7")
        for path in ("/v1/stays", "/v1/orders", "/v1/sync/info"):
            assert is_told_to_wait(await http.get(path, headers=wrong), "overload.requests", 429)
        assert (await http.get("/livez")).status_code == 200
        assert (await http.get("/v1/stays", headers=world.owner.headers)).status_code == 200
    async with calling_from(world, "203.0.113.8") as http:
        assert (await http.get("/v1/orders")).status_code == 200


async def test_those_who_register_too_often_from_one_address_are_not_told_one_moment(world: World):
    async with calling_from(world, "203.0.113.7") as http:
        waits: list[int] = []

        async def note(answer: httpx.Response) -> None:
            if answer.status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))

        http.event_hooks["response"] = [note]
        for _ in range(REGISTRATIONS.count_max + 10):
            with suppress(AssertionError):
                await Device(http, world.clock).register()
    assert len(waits) == 10
    assert len(set(waits)) > 5
    assert max(waits) <= RETRY_SECONDS_MAX


async def test_whoever_writes_leaves_places_to_readers_and_to_who_signs_in(world: World):
    world.app.state.turns = Turns({"writing": 1, "reading": 1, "entering": 1})
    owner, item = world.owner, world.owner.compose("premises", makers.make_premises())
    body = {"items": msgspec.to_builtins([item])}
    async with world.register.engine.writing():
        first = asyncio.create_task(owner.post("/v1/sync/push", body))
        await asyncio.sleep(0.05)
        refused = await world.officer.post("/v1/sync/push", body)
        assert is_told_to_wait(refused, "overload", 503)
        assert (await owner.get("/v1/stays")).status_code == 200
        assert (await world.http.get("/v1/sync/info")).status_code == 200
    assert (await first).status_code == 200
    assert (await owner.post("/v1/sync/push", body)).json()["results"][0]["custody"] == "duplicate"


async def test_whoever_waits_for_news_holds_no_place(world: World):
    world.app.state.turns = Turns({"reading": 1})
    cursor = (await world.owner.post("/v1/sync/pull", {})).json()["cursor"]
    waiting = asyncio.create_task(world.owner.post("/v1/sync/pull", {"cursor": cursor, "wait": 25}))
    await asyncio.sleep(0.1)
    assert (await world.officer.get("/v1/stays")).status_code == 200
    assert not waiting.done()
    await world.owner.send_premises()
    assert len((await waiting).json()["changes"]) == 1


async def test_one_account_does_not_take_every_place(world: World):
    world.app.state.turns = Turns({}, account_max=1)
    owner, item = world.owner, world.owner.compose("premises", makers.make_premises())
    body = {"items": msgspec.to_builtins([item])}
    async with world.register.engine.writing():
        first = asyncio.create_task(owner.post("/v1/sync/push", body))
        await asyncio.sleep(0.05)
        assert is_told_to_wait(await owner.get("/v1/stays"), "overload.requests", 429)
        assert (await world.officer.get("/v1/premises")).status_code == 200
    assert (await first).status_code == 200
    assert (await owner.get("/v1/stays")).status_code == 200


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
async def test_bodies_that_fill_the_memory_are_refused_and_the_others_are_not(
    world: World, encoding: str
):
    room = world.app.state.room
    room.take(BODIES_BYTES_MAX - 1_000)
    body = b'{"items": [' + b" " * 3_000 + b"]}"
    packed = gzip.compress(body) if encoding == "gzip" else body
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    headers |= world.owner.headers
    refused = await world.http.post("/v1/sync/push", content=packed, headers=headers)
    assert is_told_to_wait(refused, "overload", 503)
    assert (await world.owner.post("/v1/sync/pull", {})).status_code == 200
    room.take(-BODIES_BYTES_MAX // 2)
    assert (await world.http.post("/v1/sync/push", content=packed, headers=headers)).is_success


async def test_an_account_that_never_ends_its_bodies_leaves_memory_to_the_others(world: World):
    room, owner_id = world.app.state.room, world.owner.account_id
    with room.shared(owner_id) as unending:
        unending.grow(BODIES_OF_ONE_BYTES_MAX - 1)
        refused = await world.owner.post("/v1/sync/pull", {})
        assert is_told_to_wait(refused, "overload.requests", 429)
        assert (await world.officer.post("/v1/sync/pull", {})).status_code == 200
        assert (await world.http.post("/oauth/token", data={"x": "x"})).status_code == 400
    assert (await world.owner.post("/v1/sync/pull", {})).status_code == 200


async def test_an_address_that_never_ends_its_bodies_leaves_memory_to_the_others(world: World):
    with world.app.state.room.shared("203.0.113.7") as unending:
        unending.grow(BODIES_OF_ONE_BYTES_MAX - 1)
        async with calling_from(world, "203.0.113.7") as http:
            refused = await http.post("/oauth/token", data={"x": "x"})
            assert is_told_to_wait(refused, "overload.requests", 429)
        async with calling_from(world, "203.0.113.8") as http:
            assert (await http.post("/oauth/token", data={"x": "x"})).status_code == 400


async def test_a_body_is_forgotten_once_it_is_answered(world: World):
    for _ in range(3):
        await world.owner.send_premises()
    world.app.state.room.take(BODIES_BYTES_MAX)
