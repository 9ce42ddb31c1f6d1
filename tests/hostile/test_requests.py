"""Hostile frames: bodies that are no JSON, other media types, headers, parameters and paths."""

import gzip
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from sync.document import uuid7
from tests.access.test_operations import OPERATIONS, know
from tests.hostile.checking import check_answer
from tests.hostile.samples import DOCUMENT
from tests.hostile.values import HOSTILE
from tests.makers import LOG
from tests.world import Device, World

MIB = 1024 * 1024
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"premises",
    "half an object": b'{"a":',
    "null": b"null",
    "a list": b"[]",
    "a text": b'"text"',
    "a number": b"1",
    "an empty object": b"{}",
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "overlong UTF-8": b'{"a": "\xc0\xaf"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "the same key twice": b'{"rows": [], "rows": [], "items": [], "items": []}',
    "deep": b'{"items":' * 50_000,
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "forty digits": b'{"limit": ' + b"9" * 40 + b"}",
    "beyond 2^63": b'{"limit": 9223372036854775808, "wait": -9223372036854775809}',
    "NUL": b'{"a": "\\u0000"}\x00',
    "surrogate": b'{"cursor": "\\ud800"}',
    "comments": b'{/* */ "items": []}',
    "form": b"grant_type=client_credentials&grant_type=x&client_assertion=%ff%00",
    "wrong types": json.dumps(
        {"items": {}, "rows": 1, "registration": [], "cursor": {}, "have": "x", "limit": None}
    ).encode(),
    "large": b'{"a": "' + b"x" * (3 * MIB) + b'"}',
}
MEDIA_TYPES = (
    "", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data",
    "application/json; charset=utf-16", "application/merge-patch+json", "\xff", "a" * 8_000,
)  # fmt: skip
NUMBERS = ("-1", "9" * 40, "1e9", "0x10", "1_000", "a,b", "*", '"*"', "%", "\\")
TARGETS = [one for one in OPERATIONS if one[1] in {"POST", "PATCH"}]


async def enter(world: World) -> tuple[Device, dict[str, Any]]:
    """Return a reader of everything, and values for the parameters of paths."""
    return await world.new_client(LOG), await know(world.owner)


async def send(
    world: World, method: str, path: str, content: bytes, headers: dict[str, Any]
) -> httpx.Response:
    sent = {"Content-Type": "application/json", "Idempotency-Key": str(uuid7()), **headers}
    given = [(name, value.encode("latin-1", "replace")) for name, value in sent.items() if value]
    return await world.http.request(method, path, content=content, headers=given)


async def test_bodies_of_any_kind(world: World):
    client, known = await enter(world)
    for _, method, path in TARGETS:
        for said, content in BODIES.items():
            answer = await send(world, method, path.format(**known), content, client.headers)
            check_answer(answer, (path, said))
            assert answer.status_code != 201, (path, said)


async def test_bodies_of_any_media_type(world: World):
    client, known = await enter(world)
    for _, method, path in TARGETS:
        for media_type in MEDIA_TYPES:
            headers = {**client.headers, "Content-Type": media_type}
            answer = await send(world, method, path.format(**known), b"{}", headers)
            check_answer(answer, (path, media_type))
            is_ours = media_type.partition(";")[0] in {"application/json", *form_of(path)}
            # Who may not is told so before anything is looked at.
            refused = {"request.media-type", "not-allowed"}
            assert is_ours or answer.json()["code"] in refused, (path, media_type)


def form_of(path: str) -> set[str]:
    return (
        set(DOCUMENT["paths"][path]["post"]["requestBody"]["content"]) if "token" in path else set()
    )


@pytest.mark.parametrize("path", ["/v1/stays", "/v1/sync/push", "/oauth/token"])
async def test_bodies_that_are_packed(world: World, path: str):
    client, _ = await enter(world)
    bomb = gzip.compress(gzip.compress(b"\0" * (64 * MIB)))
    packed = {
        "a bomb": ("gzip", gzip.compress(b" " * (200 * MIB), 9)),
        "a bomb in a bomb": ("gzip", bomb),
        "two layers": ("gzip, gzip", bomb),
        "cut off": ("gzip", gzip.compress(b"{}" * 100)[:-9]),
        "no gzip": ("gzip", b"{}"),
        "unknown": ("br", b"{}"),
        "rubbish": ("\xff\x00gzip", b"{}"),
    }
    for said, (encoding, content) in packed.items():
        headers = {**client.headers, "Content-Encoding": encoding.replace("\x00", "")}
        answer = await send(world, "POST", path, content, headers)
        check_answer(answer, said)
        assert answer.is_error, said


def list_parameters() -> list[tuple[str, str, str, str]]:
    """Return (method, path, where, name) of every parameter of every operation."""
    return [
        (method.upper(), path, asked["in"], asked["name"])
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
        for asked in operation.get("parameters", [])
    ]


async def test_parameters_of_any_value(world: World):
    client, known = await enter(world)
    texts = [json.loads(text) for text in HOSTILE.values() if text[:1] == '"']
    for at in list_parameters():
        for value in [*texts, *NUMBERS]:
            answer = await call(world, client, at, value[:8_000], known)
            check_answer(answer, (at, value[:40]))


REPEATED = (
    "limit=1&limit=2", "limit=1&limit=x", "limit=&limit=", "cursor=x&cursor=y", "place=a&place=b",
    "q=a&q=b&purpose=visit", "code=a&code=b", "view=full&view=x", "%ff=%fe", "=&&=", "?",
    "&" * 5_000, "language=km&language=xx", "effect=accepted&effect=x", "order_id=x&order_id=",
    "a=1&" * 2_000,
)  # fmt: skip


async def test_parameters_that_come_twice(world: World):
    client, known = await enter(world)
    paths = [path.format(**known) for _, method, path in OPERATIONS if method == "GET"]
    for at in [f"{path}?{query}" for path in paths for query in REPEATED]:
        for device in (client, world.officer):
            answer = await world.http.get(at, headers=device.headers)
            check_answer(answer, at[:80])


async def call(
    world: World, client: Device, at: tuple[str, str, str, str], value: str, known: dict[str, Any]
) -> httpx.Response:
    """Call an operation with one parameter as given and the others good."""
    method, path, where, name = at
    quoted = quote(value.encode("utf-8", "surrogatepass"), safe="")
    given = {**known, name: quoted or "%20"} if where == "path" else known
    query = f"?{name}={quoted}" if where == "query" else ""
    more = {}
    if where == "header":
        more[name] = "".join(sign for sign in value if sign.isprintable()) or "x"
    headers = {**client.headers, **more}
    content = b"" if method in {"GET", "DELETE"} else b"{}"
    return await send(world, method, path.format(**given) + query, content, headers)


PATHS = (
    "//", "/v1", "/v1/", "/v1//stays", "/v1/stays/", "/v1/stays/x", "/v1/stays/%00", "/%2e%2e/",
    "/app/../../etc/passwd", "/app/%2e%2e/%2e%2e/etc/passwd", "/app/..%2f..%2fetc%2fpasswd",
    "/app/%5c..%5c", "/app/" + "a" * 5_000, "/schema/x", "/.git/config", "/v1/stays;a=b",
    "/v1/communes/%F0%9F%92%A9", "/v1/logs/..%2f/head", "/v1/stays/\u202e",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


@pytest.mark.parametrize("method", METHODS)
async def test_paths_of_any_form(world: World, method: str):
    client, _ = await enter(world)
    for path in PATHS:
        answer = await world.http.request(method, path, headers=client.headers)
        assert answer.status_code < 500, path
        assert "root:" not in answer.text
        if method not in {"HEAD", "OPTIONS"}:
            check_answer(answer, path)


async def test_tokens_of_any_form(world: World):
    for value in (
        "",
        "Bearer",
        "Bearer ",
        "bearer x",
        "Bearer " + "x" * 50_000,
        "Basic eDp5",
        "Bearer \xff",
    ):
        answer = await send(world, "GET", "/v1/stays", b"", {"Authorization": value})
        check_answer(answer, value[:20])
        assert answer.status_code == 401
