"""What is no item is answered with where it is wrong, and with nothing of it."""

from typing import Any

import msgspec
import pytest

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
