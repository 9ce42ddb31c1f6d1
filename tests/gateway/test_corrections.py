"""A correction is a merge patch on the revision that the program saw."""

import asyncio
from uuid import UUID

import httpx
import pytest

from sync.document import uuid7
from tests import makers
from tests.gateway.asking import ask, declare_premises, declare_stay
from tests.makers import Fields
from tests.world import World


async def declare(world: World) -> UUID:
    return await declare_stay(world, await declare_premises(world))


async def test_a_correction_changes_what_it_names_and_nothing_else(world: World):
    stay_id, key = await declare(world), uuid7()
    body = {"unit": "14", "visa": {"expires_on": "2027-06-30"}}
    path = f"/v1/stays/{stay_id}"
    answer = await ask(world, f"PATCH {path}", body, key=key, If_Match=f'"{stay_id}"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, f'"{key}"')
    corrected = answer.json()["view"]["body"]
    assert (corrected["unit"], corrected["nationality"]) == ("14", "VNM")
    assert corrected["visa"] == {
        "class": "EB",
        "expires_on": "2027-06-30",
        "entered_on": "2026-02-18",
    }
    assert corrected["identity"]["primary"] == "ERIKSSON"


async def test_a_personal_object_is_replaced_whole(world: World):
    stay_id = await declare(world)
    identity = makers.make_identity(secondary="ANNA")
    body: Fields = {"identity": identity, "document": None, "document_missing": "lost"}
    path = f"/v1/stays/{stay_id}"
    answer = await ask(world, f"PATCH {path}", body, If_Match=f'"{stay_id}"')
    corrected = answer.json()["view"]["body"]
    assert (corrected["identity"], corrected["document_missing"]) == (identity, "lost")
    assert "document" not in corrected


async def test_a_correction_sent_twice_is_answered_alike(world: World):
    stay_id, key = await declare(world), uuid7()
    path, tag = f"/v1/stays/{stay_id}", f'"{stay_id}"'
    first = await ask(world, f"PATCH {path}", {"unit": "14"}, key=key, If_Match=tag)
    again = await ask(world, f"PATCH {path}", {"unit": "14"}, key=key, If_Match=tag)
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    for body, match in (({"unit": "15"}, tag), ({"unit": "14"}, f'"{key}"')):
        other = await ask(world, f"PATCH {path}", body, key=key, If_Match=match)
        assert other.status_code == 409


async def test_the_tag_may_be_that_of_reading(world: World):
    stay_id = await declare(world)
    tag = f'"{stay_id}.9f8e7d6c5b4a392817"'
    answer = await ask(world, f"PATCH /v1/stays/{stay_id}", {"unit": "14"}, If_Match=tag)
    assert answer.status_code == 200


async def test_a_correction_without_a_revision_is_stale(world: World):
    stay_id = await declare(world)
    answer = await ask(world, f"PATCH /v1/stays/{stay_id}", {"unit": "14"})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (412, "field.required")


async def test_a_correction_of_an_old_revision_is_stale(world: World):
    stay_id = await declare(world)
    path, tag = f"/v1/stays/{stay_id}", f'"{stay_id}"'
    await ask(world, f"PATCH {path}", {"unit": "14"}, If_Match=tag)
    answer = await ask(world, f"PATCH {path}", {"unit": "15"}, If_Match=tag)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")


@pytest.mark.parametrize("tag", ["", "*", '"x"', "W/{tag}", '"{other}"'])
async def test_a_correction_names_the_current_revision(world: World, tag: str):
    stay_id = await declare(world)
    given = tag.format(tag=f'"{stay_id}"', other=uuid7())
    answer = await ask(world, f"PATCH /v1/stays/{stay_id}", {"unit": "14"}, If_Match=given)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert answer.json()["errors"][0]["pointer"] == "/headers/if-match"


async def test_of_corrections_at_once_one_holds_and_none_branches(world: World):
    stay_id = await declare(world)
    revision = str(stay_id)
    for _ in range(20):
        tries = [patch_unit(world, stay_id, revision, unit) for unit in ("1", "2", "3")]
        answers = await asyncio.gather(*tries)
        assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
        (view,) = [answer.json()["view"] for answer in answers if answer.is_success]
        assert "branches" not in view
        revision = view["revision"]


async def patch_unit(world: World, stay_id: UUID, revision: str, unit: str) -> httpx.Response:
    path = f"/v1/stays/{stay_id}"
    return await ask(world, f"PATCH {path}", {"unit": unit}, If_Match=f'"{revision}"')


async def test_a_correction_that_does_not_hold_points_at_the_callers_field(world: World):
    stay_id = await declare(world)
    path, tag = f"/v1/stays/{stay_id}", f'"{stay_id}"'
    for body, pointer in (
        ({"nationality": "ZZZ"}, "/nationality"),
        ({"premises_id": str(uuid7())}, "/premises_id"),
        ({"identity": {"primary": "A"}}, "/identity/secondary"),
        ({"visa": {"class": "Q"}}, "/visa/class"),
        ({"identity": None}, "/identity"),
    ):
        answer = await ask(world, f"PATCH {path}", body, If_Match=tag)
        assert answer.status_code == 422, body
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_departure_may_be_conditional(world: World):
    stay_id = await declare(world)
    body = {"left_on": "2026-03-01", "reason": "unknown"}
    path = f"/v1/stays/{stay_id}/departure"
    stale = await ask(world, f"POST {path}", body, If_Match=f'"{uuid7()}"')
    assert stale.status_code == 412
    answer = await ask(world, f"POST {path}", body, If_Match=f'"{stay_id}"')
    assert answer.status_code == 201


async def test_an_arrival_beyond_the_departure_is_refused(world: World):
    stay_id = await declare(world)
    left = {"left_on": "2026-03-01", "reason": "left_country"}
    assert (await ask(world, f"POST /v1/stays/{stay_id}/departure", left)).status_code == 201
    later = {"arrived_on": "2026-03-02"}
    answer = await ask(world, f"PATCH /v1/stays/{stay_id}", later, If_Match=f'"{stay_id}"')
    assert (answer.status_code, answer.json()["code"]) == (422, "stay.departed-before-arrival")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/arrived_on"]
