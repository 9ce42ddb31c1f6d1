"""Every address at every method: what is not offered is 405 for everybody and names what is."""

from collections import defaultdict

import pytest

from tests.access.people import new_person
from tests.access.test_operations import OPERATIONS, know
from tests.world import World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "BREW")


@pytest.mark.parametrize("role", ["owner", "client", "auditor", None])
async def test_a_method_that_is_not_offered_is_405_and_names_those_that_are(
    world: World, role: str | None
):
    known = await know(world.owner)
    headers = (await new_person(world, role)).headers if role else {}
    offered = defaultdict[str, set[str]](set)
    for _, method, path in OPERATIONS:
        offered[path].add(method)
    for path, methods in offered.items():
        for method in sorted({*METHODS} - methods):
            answer = await world.http.request(method, path.format(**known), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (405, "request.method"), path
            assert {*answer.headers["Allow"].split(", ")} == {*methods, "OPTIONS"}, path


async def test_a_parameter_or_field_that_is_wrong_is_named_and_not_quoted(world: World):
    for name in ("limit", "effect"):
        answer = await world.officer.get("/v1/stays", **{name: "SECRET"})
        assert answer.status_code == 400
        assert answer.json()["errors"] == [{"pointer": f"/query/{name}", "code": "field.value"}]
        assert "SECRET" not in answer.text
    for body, pointer, code in (
        ({}, "/registration", "field.required"),
        ({"registration": {}}, "/registration/protected", "field.required"),
        ({"registration": {"protected": 7}}, "/registration/protected", "field.value"),
    ):
        errors = (await world.http.post("/v1/devices", json=body)).json()["errors"]
        assert errors == [{"pointer": pointer, "code": code}]
