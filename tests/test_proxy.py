"""Behind a proxy the client is whom the nearest proxy names, and nobody is counted as the proxy."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.limits import REGISTRATIONS
from api.proxy import read_address
from sync.keys import public_jwk
from tests import makers
from tests.makers import LOG
from tests.world import Device, World, open_world


async def register(world: World, **headers: str) -> int:
    """Register a new key; return the status."""
    device = Device(world.http, world.clock)
    body = {"jwk": msgspec.to_builtins(public_jwk(device.key)), "capacity": "owner"}
    body["language"] = "km"
    contact: dict[str, Any] = {"contact": makers.make_contact()}
    item = device.compose("account", body, place=LOG, id=device.account_id, disclosed=contact)
    sent = {"registration": msgspec.to_builtins(item)}
    return (await world.http.post("/v1/devices", json=sent, headers=headers)).status_code


async def test_each_address_has_its_own_limit_and_a_client_cannot_choose_it(tmp_path: Path):
    async with open_world(tmp_path, is_behind_proxy=True) as world:
        seen = [
            await register(world, **{"X-Forwarded-For": f"10.0.0.{n}, 203.0.113.7"})
            for n in range(REGISTRATIONS.count_max + 1)
        ]
        assert seen == [201] * REGISTRATIONS.count_max + [429]
        assert await register(world, **{"X-Forwarded-For": "203.0.113.7"}) == 429
        assert await register(world, **{"X-Forwarded-For": "203.0.113.8"}) == 201
        assert await register(world, Forwarded="for=198.51.100.1") == 201


async def test_what_comes_without_an_address_is_counted_as_the_proxy(tmp_path: Path):
    async with open_world(tmp_path, is_behind_proxy=True) as world:
        seen = [await register(world) for _ in range(REGISTRATIONS.count_max)]
        assert seen[-1] == 429  # the owner of the world was the first
        assert await register(world, **{"X-Forwarded-For": "127.0.0.1"}) == 429


async def test_without_a_proxy_nobody_names_his_own_address(world: World):
    for _ in range(REGISTRATIONS.count_max + 1):
        assert await register(world, **{"X-Forwarded-For": "203.0.113.7"}) == 201


async def test_the_scheme_of_the_proxy_is_the_scheme_of_the_answer(tmp_path: Path):
    async with open_world(tmp_path, is_behind_proxy=True) as world:
        for given, is_https in (("https", True), ("http, https", True), ("https, http", False)):
            answer = await world.http.get("/livez", headers={"X-Forwarded-Proto": given})
            assert ("strict-transport-security" in answer.headers) == is_https


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (b"203.0.113.7", "203.0.113.7"),
        (b"10.0.0.1, 203.0.113.7:4711", "203.0.113.7"),
        (b"[2001:db8::1]:4711", "2001:db8::1"),
        (b"2001:db8::1", "2001:db8::1"),
        (b"unknown", None),
        (b"", None),
        (b"1.2.3.4,", None),
        (b"\xff" * 9_000, None),
    ],
)
def test_only_the_last_address_is_read(given: bytes, address: str | None):
    assert read_address(given) == address
