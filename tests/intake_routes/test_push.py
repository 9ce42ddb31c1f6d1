"""Pushes over HTTP: one result an item, whatever the others are, and who may send what."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest

from sync.document import compose, read_document
from sync.ids import NEVER_IDS
from sync.keys import decode_base64url, encode_base64url
from sync.messages import Item
from tests import makers
from tests.makers import LOG, SANGKAT_4, Fields
from tests.world import World, expect

PATHS = ("/v1/sync/push", f"/v1/communes/{SANGKAT_4}/push")
UNSOUND = {
    "a lone surrogate": b'{"protected": "\\ud800", "payload": "{}", "signature": ""}',
    "an unknown escape": b'{"protected": "\\q", "payload": "{}", "signature": ""}',
    "no UTF-8": b'{"protected": "\xff\xfe", "payload": "{}", "signature": ""}',
    "a bare line break": b'{"protected": "\n", "payload": "{}", "signature": ""}',
    "no value": b"premises",
    "brackets in a string": b'{"protected": "]}\\"[{", "payload": 1}',
}
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FRAMES = {
    "the same name twice": b'{"items":[],"items":[]}',
    "the same name, written otherwise": b'{"items":[],"\\u0069tems":[]}',
    "another name twice": b'{"note":1,"note":2,"items":[]}',
    "an unsound member": b'{"note":{"a":1,"a":2},"items":[]}',
    "no items": b'{"note":1}',
    "an item that is nothing": b'{"items":[{},]}',
    "an end too many": b'{"items":[]]}',
    "no end": b'{"items":[{}',
    "text outside": b'{"items":[]} "',
}


async def post(world: World, path: str, content: bytes) -> Any:
    headers = {**world.owner.headers, "Content-Type": "application/json"}
    return await world.http.post(path, content=content, headers=headers)


def write(item: Item) -> bytes:
    return msgspec.json.encode(item)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("unsound", UNSOUND.values(), ids=list(UNSOUND))
async def test_an_item_that_no_parser_takes_refuses_no_other(
    world: World, path: str, unsound: bytes
):
    first, second = (
        write(world.owner.compose("premises", makers.make_premises())) for _ in range(2)
    )
    answer = await post(world, path, b'{"items":[%s,%s,%s]}' % (first, unsound, second))
    results = expect(answer)["results"]
    assert [one["custody"] for one in results] == ["stored", "rejected", "stored"]
    assert results[1]["problem"]["code"] == "malformed"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("frame", FRAMES.values(), ids=list(FRAMES))
async def test_an_unsound_frame_is_refused_as_a_whole(world: World, path: str, frame: bytes):
    answer = await post(world, path, frame)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")


async def test_a_frame_may_be_spaced_and_say_more(world: World):
    item = write(world.owner.compose("premises", makers.make_premises()))
    frame = b' {"note" : {"items": [1, 2]},\n "items" : [ %s , %s ] } ' % (item, item)
    results = expect(await post(world, PATHS[0], frame))["results"]
    assert [one["custody"] for one in results] == ["stored", "duplicate"]


async def test_an_item_that_names_something_twice_is_malformed(world: World):
    item = world.owner.compose("premises", makers.make_premises())
    twice = b'{"protected":"other",' + write(item)[1:]
    (result,) = expect(await post(world, PATHS[0], b'{"items":[%s]}' % twice))["results"]
    assert (result["custody"], result["problem"]["code"]) == ("rejected", "malformed")
    assert json.loads(twice)["protected"] == item.protected
    assert result["id"] == str(read_document(item).id)


async def test_more_items_than_a_push_may_hold_are_too_many_however_they_are_written(world: World):
    for comma in (b",", b" , "):
        answer = await post(world, PATHS[0], b'{"items":[%s]}' % comma.join([b"{}"] * 101))
        assert answer.status_code == 413


@pytest.mark.parametrize("never", NEVER_IDS, ids=str)
async def test_nothing_is_called_by_the_ids_that_mean_none(world: World, never: UUID):
    premises_id = await world.owner.send_premises()
    premises: Fields = {"kind": "premises", "body": makers.make_premises()}
    frames: dict[str, Fields] = {
        "/payload/id": {**premises, "id": never},
        "/payload/entity": {**premises, "entity": never},
        "/payload/base": {"kind": "premises", "entity": premises_id, "base": never, "body": {}},
        "/payload/after": {**premises, "after": [never]},
        "/body/premises_id": {"kind": "stay", "body": makers.make_stay(never)},
    }
    common = {"log": LOG, "place": SANGKAT_4}
    items = [compose(world.owner.key, common | frame) for frame in frames.values()]
    results = await world.owner.push(*items)
    assert {result["custody"] for result in results} == {"rejected"}
    named = [{error["pointer"] for error in result["problem"]["errors"]} for result in results]
    assert all(pointer in one for pointer, one in zip(frames, named, strict=True)), named


async def test_the_other_signature_of_the_same_bytes_is_the_same_document(world: World):
    item = world.owner.compose("premises", makers.make_premises())
    for first, again in ((item, mirror(item)), (mirror(item), item)):
        (stored,) = await world.owner.push(first)
        (repeated,) = await world.owner.push(again)
        assert (stored["id"], stored["hash"]) == (repeated["id"], repeated["hash"])
        assert repeated["custody"] == "duplicate"
        assert stored["receipt"] == repeated["receipt"]


def mirror(item: Item) -> Item:
    """Return the item with n - s for s: what anyone can make of an ECDSA signature."""
    signature = decode_base64url(item.signature)
    s = P256_ORDER - int.from_bytes(signature[32:])
    mirrored = signature[:32] + s.to_bytes(32)
    return msgspec.structs.replace(item, signature=encode_base64url(mirrored))


@pytest.mark.parametrize("path", PATHS)
async def test_a_problem_in_a_result_carries_the_id_of_the_request(world: World, path: str):
    good = world.owner.compose("premises", makers.make_premises())
    bad = world.owner.compose("premises", makers.make_premises(kind="castle"))
    answer = await post(world, path, b'{"items":[%s,%s,{}]}' % (write(good), write(bad)))
    stored, refused, unread = expect(answer)["results"]
    assert "problem" not in stored
    named = {one["problem"]["request_id"] for one in (refused, unread)}
    assert named == {answer.headers["X-Request-Id"]}
