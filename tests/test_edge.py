"""What every request passes: hostile bodies get a coded problem, never a 500."""

import gzip
import json

import pytest

from tests import makers
from tests.world import World

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


async def test_a_problem_repeats_nothing_of_the_request(world: World):
    answer = await world.http.get("/v1/stays/canary?q=canary", headers=world.owner.headers)
    assert answer.status_code == 404
    assert "canary" not in answer.text
