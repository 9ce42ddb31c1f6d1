"""What every request passes: hostile bodies get a coded problem, never a 500."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from api.edge import BODY_BYTES_MAX, PUBLIC_BODY_BYTES_MAX
from api.unpacking import INLINE_BYTES_MAX, check_sound
from tests import makers
from tests.world import BASE_URL, World

_JSON = {"Content-Type": "application/json"}


async def _post(world: World, content: bytes, path: str = "/v1/sync/pull", **headers: str):
    given = {**world.owner.headers, **_JSON, **headers}
    return await world.http.post(path, content=content, headers=given)


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/msgpack",
    ],
)
async def test_another_media_type_is_refused(world: World, media_type: str):
    answer = await _post(world, b"{}", **{"Content-Type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "request.media-type")


@pytest.mark.parametrize(
    "body",
    [
        b'{"cursor": "\xff"}',
        b"[" * 5_000,
        b'{"limit": 1, "limit": 2}',
        b'{"limit": 99999999999999999999999}',
        b'{"limit": NaN}',
        b'{"cursor": "\\ud800"}',
        b"",
        b"null",
        b"{",
    ],
    ids=["utf-8", "depth", "duplicate", "integer", "nan", "surrogate", "empty", "null", "cut"],
)
async def test_a_body_that_two_parsers_could_read_differently_is_refused(world: World, body: bytes):
    answer = await _post(world, body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "request.malformed"


async def test_a_push_may_be_compressed(world: World):
    item = world.owner.compose("premises", makers.make_premises())
    body = json.dumps(
        {"items": [{"protected": item.protected, "payload": item.payload,
                    "signature": item.signature}]}
    ).encode()  # fmt: skip
    answer = await _post(
        world, gzip.compress(body), "/v1/sync/push", **{"Content-Encoding": "gzip"}
    )
    assert answer.json()["results"][0]["custody"] == "stored"


class Trickle:
    """A body that says how much of it was asked for."""

    taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.taken < BODY_BYTES_MAX:
            self.taken += 1024
            yield b" " * 1024


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}])
async def test_nothing_is_read_of_a_stranger(world: World, headers: dict[str, str]):
    for method, path in (
        ("POST", "/v1/sync/pull"),
        ("POST", "/v1/sync/push"),
        ("POST", "/v1/stays/batch"),
        ("PATCH", f"/v1/stays/{world.owner.account_id}"),
    ):
        body = Trickle()
        answer = await world.http.request(method, path, content=body, headers={**_JSON, **headers})
        assert (answer.status_code, answer.json()["code"]) == (401, "token.invalid")
        assert body.taken == 0


@pytest.mark.parametrize("path", ["/v1/devices", "/oauth/token", "/setup"])
async def test_a_stranger_may_say_little(world: World, path: str):
    body = Trickle()
    answer = await world.http.post(path, content=body, headers=_JSON)
    assert answer.status_code == 413
    assert body.taken <= PUBLIC_BODY_BYTES_MAX + 1024
    said = await world.http.post(path, content=b" " * (PUBLIC_BODY_BYTES_MAX + 1), headers=_JSON)
    assert said.status_code == 413
    bomb = gzip.compress(b" " * (PUBLIC_BODY_BYTES_MAX + 1))
    packed = {**_JSON, "Content-Encoding": "gzip"}
    assert (await world.http.post(path, content=bomb, headers=packed)).status_code == 413


async def test_what_shrinks_like_no_declaration_is_not_inflated(world: World):
    body = b"[" + b'{"a":1},' * 25_000 + b"1]"
    assert len(body) < BODY_BYTES_MAX
    packed = {"Content-Encoding": "gzip"}
    answer = await _post(world, gzip.compress(body), **packed)
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")


async def test_others_are_served_while_a_large_body_is_read():
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    others = asyncio.create_task(take_turns())
    await check_sound(b"[" + b"1," * INLINE_BYTES_MAX + b"1]", is_json=True)
    others.cancel()
    assert turns > 1


async def test_a_bomb_is_not_inflated(world: World):
    bomb = gzip.compress(b" " * 50_000_000)
    answer = await _post(world, bomb, **{"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too-large")


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd"])
async def test_other_encodings_are_refused(world: World, encoding: str):
    answer = await _post(world, b"{}", **{"Content-Encoding": encoding})
    assert answer.status_code == 415


async def test_broken_compression_is_refused(world: World):
    answer = await _post(world, b"\x1f\x8b broken", **{"Content-Encoding": "gzip"})
    assert answer.json()["code"] == "request.malformed"


async def test_a_body_over_the_limit_is_refused(world: World):
    answer = await _post(world, b" " * 2_200_000)
    assert answer.status_code == 413


async def test_a_page_of_another_site_cannot_write(world: World):
    answer = await _post(world, b"{}", **{"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


_OURS_AT_ITS_END = f"http://elsewhere.test//{BASE_URL.partition('//')[2]}"


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.test", _OURS_AT_ITS_END, "http://127.0.0.1:1", "null", ""]
)
async def test_a_page_of_another_site_cannot_write_from_an_old_browser(world: World, origin: str):
    answer = await _post(world, b"{}", Origin=origin)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


async def test_the_app_writes_from_its_own_site_also_through_a_proxy(world: World):
    for headers in ({}, {"Host": "behind.test:8000"}):
        answer = await _post(world, b"{}", Origin=BASE_URL, **headers)
        assert answer.status_code == 200, answer.text


async def test_a_problem_repeats_nothing_of_the_request(world: World):
    for path, status in (("/v1/stays/canary", 404), ("/v1/stays?effect=canary", 400)):
        answer = await world.http.get(path, headers=world.owner.headers)
        assert answer.status_code == status
        assert "canary" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/v1/stays?name=A",
        "/v1/places?code=1&level=2",
        f"/v1/stays/{UUID(int=7)}?a=",
        "/v1/orders?a=1",
    ],
)
async def test_a_name_in_the_query_that_nobody_reads_is_refused(world: World, path: str):
    answer = await world.http.get(path, headers=world.officer.headers)
    unknown = path.rpartition("&" if "&" in path else "?")[2].partition("=")[0]
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")
    assert answer.json()["errors"] == [
        {"pointer": f"/query/{unknown}", "code": "field.unknown-name"}
    ]


async def test_what_stands_twice_in_a_request_is_refused(world: World):
    path = "/v1/premises?dry_run=1&dry_run=0"
    answer = await world.client.post(path, makers.make_premises())
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"pointer": "/query/dry_run", "code": "field.value"}]
    for name in ("Idempotency-Key", "Content-Type", "Origin"):
        headers = [*world.client.headers.items(), (name, "a"), (name, "b")]
        answer = await world.http.post("/v1/premises", content=b"{}", headers=headers)
        assert answer.status_code == 400
        assert answer.json()["errors"] == [
            {"pointer": f"/header/{name.lower()}", "code": "field.value"}
        ]


async def test_what_cannot_be_rehearsed_is_not_carried_out_for_the_word(world: World):
    premises_id = await world.owner.send_premises()
    stay_id = await world.owner.send_stay(premises_id)
    asked = [
        ("DELETE", f"/v1/devices/{world.owner.kid}?reason=stolen&dry_run=1", world.owner, None),
        ("POST", f"/v1/stays/{stay_id}/reveal?dry_run=1", world.officer, {"reason": "visit"}),
        ("POST", "/v1/devices?dry_run=true", world.owner, {"registration": {}}),
        ("POST", "/v1/sync/pull?dry_run=", world.owner, {}),
    ]
    for method, path, device, body in asked:
        answer = await world.http.request(method, path, json=body, headers=device.headers)
        assert answer.status_code == 400, path
        assert answer.json()["errors"] == [
            {"pointer": "/query/dry_run", "code": "field.unknown-name"}
        ]
    await world.owner.send_premises()
