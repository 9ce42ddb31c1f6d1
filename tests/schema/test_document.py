"""The OpenAPI document says what the register does, and its examples are real."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import msgspec
import pytest
from litestar._kwargs import KwargsModel
from litestar._kwargs.parameter_definition import ParameterDefinition
from litestar.routes import HTTPRoute

from api.access import OPERATION_SCOPES, PUBLIC
from api.app import create_app
from api.intake import Intake
from api.intake.kinds import KINDS
from api.places.store import load_places
from api.settings import Settings
from sync.document import is_authentic, read_document
from sync.keys import PublicJwk
from sync.messages import Item
from tests.makers import LOG
from tests.schema.generate import ROOT
from tests.schema.make_examples import EXAMPLES
from tests.world import World, expect

DOCUMENT = json.loads((ROOT / "api" / "schema" / "openapi.json").read_text())
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


async def test_the_document_is_served_to_everybody(world: World):
    for path in ("/schema", "/schema/openapi.json"):
        answer = await world.http.get(path)
        assert (answer.status_code, answer.json()) == (200, DOCUMENT)
        assert answer.headers["Content-Type"] == "application/json"


def test_it_is_openapi_three_one():
    assert DOCUMENT["openapi"].startswith("3.1.")
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert sorted(names) == sorted(set(names))


def test_every_reference_leads_somewhere():
    for reference in list_members(DOCUMENT, "$ref"):
        _, *steps = reference["$ref"].split("/")
        found: Any = DOCUMENT
        for step in steps:
            found = found[step]


def test_a_text_of_a_fixed_form_has_a_length_for_a_line_end_passes_the_form():
    formed = list(list_members(DOCUMENT, "pattern"))
    assert formed
    assert [one for one in formed if "maxLength" not in one] == []


def list_members(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document that hold a text of this name."""
    if isinstance(value, dict):
        if isinstance(value.get(name), str):
            yield value
        for part in value.values():
            yield from list_members(part, name)
    if isinstance(value, list):
        for part in value:
            yield from list_members(part, name)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_body_and_disclosures_as_components(kind: str):
    described = DOCUMENT["x-sangkat-kinds"][kind]
    for reference in (described["body"], *described["disclosures"].values()):
        assert reference.rpartition("/")[2] in SCHEMAS
    assert set(described["disclosures"]) == set(KINDS[kind].disclosures)


def test_every_parameter_that_is_read_is_described():
    for route in create_app(Settings()).routes:
        described = DOCUMENT["paths"].get(route.path_format, {})
        assert isinstance(route, HTTPRoute)
        for method, (handler, reads) in route.route_handler_map.items():
            operation = described.get(method.lower(), {})
            named = {(one["in"], one["name"].lower()) for one in operation.get("parameters", ())}
            told = handler.opt.get("headers")
            wanted = {
                (where, one.field_alias.lower())
                for where, one in list_read(reads)
                if where != "header" or told is None or one.field_alias in told
            }
            assert not operation or wanted == named, (method, route.path_format)


def list_read(reads: KwargsModel) -> Iterator[tuple[str, ParameterDefinition]]:
    """Return what a handler and its dependencies take of a request, by Litestar's own account."""
    yield from (("path", one) for one in reads.expected_path_params)
    yield from (("query", one) for one in reads.expected_query_params)
    yield from (("header", one) for one in reads.expected_header_params)
    assert not reads.expected_cookie_params


async def test_a_purpose_is_described_where_it_is_asked_for(world: World):
    premises_id = await world.owner.send_premises()
    asked = {
        "/v1/premises/{premises_id}/form.pdf": f"/v1/premises/{premises_id}/form.pdf",
        "/v1/stays": "/v1/stays?q=A",
        "/v1/feed": "/v1/feed?view=full",
    }
    for path, address in asked.items():
        parameters = DOCUMENT["paths"][path]["get"]["parameters"]
        (purpose,) = [one for one in parameters if one["name"].lower() == "purpose"]
        assert "`purpose.required`" in purpose["description"]
        refused = await world.http.get(address, headers=world.officer.headers)
        assert (refused.status_code, refused.json()["code"]) == (400, "purpose.required")


async def test_who_has_to_say_the_purpose_of_a_print_is_described(world: World):
    path = "/v1/premises/{premises_id}/form.pdf"
    premises_id = await world.owner.send_premises()
    parameters = DOCUMENT["paths"][path]["get"]["parameters"]
    (purpose,) = [one for one in parameters if one["name"] == "purpose"]
    province = await world.new_officer(LOG, role="province")
    printing = {"owner": world.owner, "officer": world.officer, "province": province}
    asked = [
        role
        for role, device in printing.items()
        if (await device.get(path.format(premises_id=premises_id))).status_code == 400
    ]
    assert purpose["x-sangkat-required-of"] == asked


def test_every_operation_documents_its_refusals_as_problems():
    responses = DOCUMENT["components"]["responses"]
    for _, path, operation in OPERATIONS:
        refused = [
            answer["$ref"].rpartition("/")[2]
            for status, answer in operation["responses"].items()
            if status == "default" or int(status) >= 400
        ]
        assert refused, path
        for name in refused:
            assert list(responses[name]["content"]) == ["application/problem+json"]


def test_who_may_call_it_stands_with_every_operation():
    for _, path, operation in OPERATIONS:
        name = operation["x-sangkat-operation"]
        is_public = name in PUBLIC
        assert (operation["security"] == []) == is_public, path
        assert ("401" in operation["responses"]) == (not is_public or name == "token.issue")
        needed = [{"bearer": [scope]} for scope in OPERATION_SCOPES.get(name, ())]
        assert operation["security"] == ([] if is_public else needed or [{"bearer": []}])


@pytest.mark.parametrize("name", sorted(json.loads(EXAMPLES.read_text())))
def test_an_example_is_of_its_schema(name: str):
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    for example in SCHEMAS[name]["examples"]:
        jsonschema.Draft202012Validator(schema).validate(example)


def test_the_example_items_are_signed_and_complete():
    intake = Intake(LOG, load_places())
    registration = SCHEMAS["Registration"]["examples"][0]["registration"]
    account = read_document(msgspec.convert(registration, Item))
    jwk = msgspec.convert(msgspec.json.decode(account.payload.body)["jwk"], PublicJwk)
    for example in (registration, *SCHEMAS["Item"]["examples"]):
        document = read_document(msgspec.convert(example, Item))
        assert is_authentic(document, jwk)
        assert intake.prepare(document).fault is None


async def test_the_example_registration_is_taken(world: World):
    registration = SCHEMAS["Registration"]["examples"][0]
    answer = expect(await world.http.post("/v1/devices", json=registration))
    assert answer == SCHEMAS["DeviceAnswer"]["examples"][0]
