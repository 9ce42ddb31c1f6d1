"""Every role at every operation, with every kind of token, over HTTP."""

import json
from typing import Any

import pytest

from sync.document import uuid7
from tests.access.people import MATRIX, ROLES, new_entries, new_person
from tests.makers import LOG, SANGKAT_4
from tests.schema.generate import ROOT
from tests.world import Device, World

DOCUMENT = json.loads((ROOT / "api" / "schema" / "openapi.json").read_text())
OPERATIONS: list[tuple[str, str, str]] = [
    (operation["x-sangkat-operation"], method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
# An answer to HEAD has no content that could say why.
OF_HEAD = {401: "token.invalid", 403: "not-allowed"}
GUARDED = [one for one in OPERATIONS if one[0] not in MATRIX["public"]]


async def call(
    world: World, one: tuple[str, str, str], known: dict[str, Any], **headers: str
) -> tuple[int, str]:
    """Call an operation with the ids that its path needs and no content; return what came."""
    _, method, path = one
    body = {} if method in {"POST", "PATCH"} else None
    answer = await world.http.request(method, path.format(**known), json=body, headers=headers)
    if method == "HEAD":
        return answer.status_code, OF_HEAD.get(answer.status_code, "")
    code = answer.json().get("code", "") if answer.is_error else ""
    return answer.status_code, code


async def know(author: Device) -> dict[str, Any]:
    """Return a value for every parameter of a path."""
    entries = await new_entries(author, SANGKAT_4)
    return {
        **{f"{kind}_id": entity for kind, entity in entries.items()},
        "document_id": entries["stay"],
        "pledge_id": uuid7(),
        "held_id": uuid7(),
        "account_id": author.account_id,
        "kid": "A" * 43,
        "log": LOG,
        "place_id": SANGKAT_4,
        "section": "fresh",
        "sha256": "0" * 64,
    }


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_may_call_what_the_matrix_says_and_nothing_else(world: World, role: str):
    known = await know(world.owner)
    headers = (await new_person(world, role)).headers
    differing = {}
    for one in GUARDED:
        status, code = await call(world, one, known, **headers)
        assert status < 500, one
        is_refused = (status, code) == (403, "not-allowed") or status == 401
        if is_refused == (role in MATRIX["operations"][one[0]]):
            differing[one] = (status, code)
    assert differing == {}


async def test_without_a_token_nothing_but_the_public_is_answered(world: World):
    known = await know(world.owner)
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}):
        answers = {one: await call(world, one, known, **headers) for one in GUARDED}
        assert set(answers.values()) == {(401, "token.invalid")}
    for one in OPERATIONS:
        if one not in GUARDED:
            status, code = await call(world, one, known)
            assert status < 500, one
            assert code != "token.invalid", one


@pytest.mark.parametrize("role", ROLES)
async def test_an_expired_token_opens_nothing(world: World, role: str):
    known = await know(world.owner)
    headers = (await new_person(world, role)).headers
    world.clock.move(days=1)
    answers = {one: await call(world, one, known, **headers) for one in GUARDED}
    assert set(answers.values()) == {(401, "token.invalid")}


@pytest.mark.parametrize("role", ROLES)
async def test_the_token_of_a_revoked_key_opens_nothing(world: World, role: str):
    known = await know(world.owner)
    person = await new_person(world, role)
    revoked = await world.http.delete(f"/v1/devices/{person.kid}", headers=person.headers)
    assert revoked.status_code == 204
    answers = {one: await call(world, one, known, **person.headers) for one in GUARDED}
    assert set(answers.values()) == {(401, "token.invalid")}


async def test_a_program_does_what_its_scopes_say(world: World):
    known = await know(world.owner)
    scopes = MATRIX["scopes"]
    for scope in (None, *sorted({scope for needed in scopes.values() for scope in needed})):
        client = await world.new_client(SANGKAT_4, scopes=() if scope is None else (scope,))
        for one in GUARDED:
            needed = scopes.get(one[0])
            may = needed is not None and (needed == [] or scope in needed)
            status, _ = await call(world, one, known, **client.headers)
            assert (status == 403) != may, (scope, one, status)
