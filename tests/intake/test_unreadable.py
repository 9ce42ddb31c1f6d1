"""What is no item is answered with where it is wrong, and with nothing of it."""

from typing import Any

import msgspec
import pytest

from sync.document import sign_payload
from tests import makers
from tests.world import World


def _errors(problem: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in problem["errors"]]


@pytest.mark.parametrize(
    ("name", "text", "pointer"),
    [
        ("contact", "no JSON", "/disclosures/contact"),
        ("contact", 7, "/disclosures/contact"),
        ("contact", "x" * 100_000, "/disclosures/contact"),
        ("n" * 100_000, "[]", "/disclosures/" + "n" * 64 + "…"),
        ("\u202ename", "[]", "/disclosures/\ufffdname"),
    ],
)
async def test_a_disclosure_that_cannot_be_read_is_named_and_not_echoed(
    world: World, name: str, text: object, pointer: str
):
    item = msgspec.to_builtins(world.owner.compose("premises", makers.make_premises()))
    answer = await world.owner.post(
        "/v1/sync/push", {"items": [{**item, "disclosures": {name: text}}]}
    )
    (result,) = answer.json()["results"]
    assert (result["custody"], result["problem"]["code"]) == ("rejected", "malformed")
    assert _errors(result["problem"]) == [(pointer, "field.value")]
    assert len(answer.content) < 1_000


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"signature": None}, "/signature", "field.required"),
        ({"payload": 7}, "/payload", "field.type"),
        ({"signature": "x" * 200}, "/signature", "field.too-long"),
        ({"disclosures": []}, "/disclosures", "field.type"),
    ],
)
async def test_a_part_of_an_item_that_is_missing_or_wrong_is_named(
    world: World, change: dict, pointer: str, code: str
):
    item = msgspec.to_builtins(world.owner.compose("premises", makers.make_premises()))
    answer = await world.owner.post("/v1/sync/push", {"items": [{**item, **change}]})
    (result,) = answer.json()["results"]
    assert result["problem"]["code"] == "malformed"
    assert _errors(result["problem"]) == [(pointer, code)]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"kind": None}, "/payload/kind", "field.type"),
        ({"id": "no id"}, "/payload/id", "field.value"),
        ({"after": ["no id"]}, "/payload/after/0", "field.value"),
        ({"seq": 0}, "/payload/seq", "field.too-small"),
        ({"place": "p" * 65}, "/payload/place", "field.too-long"),
        ({"made_at": "yesterday"}, "/payload/made_at", "field.value"),
        ({"anchor": {"pos": 1, "chain": "", "at": "x"}}, "/payload/anchor/at", "field.value"),
        ({"anchor": {"pos": 1}}, "/payload/anchor/chain", "field.required"),
        ({"body": []}, "/payload/body", "field.type"),
    ],
)
async def test_a_part_of_a_payload_that_is_wrong_is_named(
    world: World, change: dict, pointer: str, code: str
):
    item = world.owner.compose("premises", makers.make_premises())
    text = msgspec.json.encode(msgspec.json.decode(item.payload) | change).decode()
    wrong = msgspec.to_builtins(sign_payload(world.owner.key, text))
    answer = await world.owner.post("/v1/sync/push", {"items": [wrong]})
    (result,) = answer.json()["results"]
    assert result["problem"]["code"] == "malformed"
    assert _errors(result["problem"]) == [(pointer, code)]


@pytest.mark.parametrize("item", [5, None, "x", [], True])
async def test_what_is_no_object_is_no_item(world: World, item: object):
    answer = await world.owner.post("/v1/sync/push", {"items": [item]})
    (result,) = answer.json()["results"]
    assert _errors(result["problem"]) == [("", "field.type")]


@pytest.mark.parametrize(
    ("frame", "pointer", "code"),
    [
        (None, "", "field.type"),
        ([], "", "field.type"),
        ({}, "/items", "field.required"),
        ({"items": {}}, "/items", "field.type"),
        ({"items": None}, "/items", "field.type"),
    ],
)
async def test_a_push_of_another_form_says_where(
    world: World, frame: object, pointer: str, code: str
):
    answer = await world.owner.post("/v1/sync/push", frame)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")
    assert _errors(answer.json()) == [(pointer, code)]
