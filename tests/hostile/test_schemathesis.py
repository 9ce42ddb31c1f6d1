"""Requests made from the interface's own description, good and bad, bodies signed on the way."""

import copy
import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NotSet
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.document import digest_of, sign_payload, uuid7
from sync.keys import public_jwk, thumbprint
from tests.hostile.checking import check_answer, check_results
from tests.hostile.portal import CALLERS, Portal, open_portal
from tests.hostile.samples import DOCUMENT
from tests.makers import LOG, SANGKAT_4, Fields
from tests.world import Device

EXAMPLES: Final = 20
CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
SALT: Final = "AAAAAAAAAAAAAAAAAAAAAA"


def open_items(document: Fields) -> Fields:
    """Describe an item by what stands in its texts, so that bodies are generated, not noise."""
    opened = copy.deepcopy(document)
    kinds = opened["x-sangkat-kinds"].items()
    opened["components"]["schemas"]["Item"] = {
        "oneOf": [
            {
                "type": "object",
                "required": ["kind", "body"],
                "properties": {
                    "kind": {"const": kind},
                    "body": {"$ref": of["body"]},
                    "disclosures": {
                        "type": "object",
                        "properties": {
                            name: {"$ref": at} for name, at in of["disclosures"].items()
                        },
                    },
                },
            }
            for kind, of in kinds
        ]
    }
    return opened


@schemathesis.serializer("application/offset+octet-stream")
def write_bytes(context: Any, value: Any) -> bytes:
    """A part of a photo is bytes, whatever was generated."""
    del context
    return value if isinstance(value, bytes) else json.dumps(value).encode()


SCHEMA: Final = schemathesis.openapi.from_dict(open_items(DOCUMENT))
OPERATIONS: Final = [one.ok() for one in SCHEMA.get_all_operations() if isinstance(one, Ok)]


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    with open_portal() as opened:
        yield opened


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_an_operation_answers_as_described(portal: Portal, operation: Any, mode: GenerationMode):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def try_one(case: Any) -> None:
        if mode == GenerationMode.POSITIVE:
            name_known(portal, case)
        answer = portal.run(send(portal, operation, case))
        check_answer(answer, operation.label)
        if operation.method.upper() != "HEAD":
            case.validate_response(answer, checks=CHECKS)
        if answer.is_success and operation.path.endswith("/push"):
            check_results(answer.json()["results"])

    if mode == GenerationMode.POSITIVE or can_be_wrong(operation):
        try_one()


def can_be_wrong(operation: Any) -> bool:
    """An operation that takes nothing, or any text in its path, cannot be called wrongly."""
    return bool(list(operation.query) or list(operation.headers) or operation.body)


def name_known(portal: Portal, case: Any) -> None:
    """Let ids name what is there, so that requests get further than to 404 and 412."""
    known = {f"{kind}_id": str(entity) for kind, entity in portal.entries.items()}
    known |= {"document_id": known["stay_id"], "log": LOG, "place_id": SANGKAT_4}
    for name in case.path_parameters or {}:
        case.path_parameters[name] = known.get(name, case.path_parameters[name])
    if "If-Match" in (case.headers or {}):
        kind = "stays" if "/stays/" in case.path else "premises"
        path = f"/v1/{kind}/{known['stay_id' if kind == 'stays' else 'premises_id']}"
        case.headers["If-Match"] = portal.run(portal.people["client"].get(path)).headers["ETag"]
    for content in list_contents(case.body):
        content |= {name: known[name] for name in ("premises_id",) if name in content}
        if "arrived_on" in content or "capacity" in content:
            content["place"] = SANGKAT_4


def list_contents(body: Any) -> list[Fields]:
    """Return the objects of a body that are contents of entries."""
    whole = body if isinstance(body, dict) else {}
    parts = [*whole.get("rows", []), *(item["body"] for item in whole.get("items", []))]
    return [whole, *parts]


async def send(portal: Portal, operation: Any, case: Any) -> httpx.Response:
    """Send a case as whoever may call the operation, under a fresh key."""
    roles = operation.definition.raw.get("x-sangkat-roles", ["client"])
    caller = portal.people[next(role for role in CALLERS if role in roles)]
    headers = {**clean(case.headers), **caller.headers}
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = str(uuid7())
    content = None if isinstance(case.body, NotSet) else write_body(portal, case)
    if content is not None:
        headers["Content-Type"] = case.media_type
    query = urlencode({name: str(value) for name, value in (case.query or {}).items()})
    path = f"{case.formatted_path}?{query}" if query else case.formatted_path
    world = portal.world
    return await world.http.request(case.method, path, content=content, headers=headers)


def clean(headers: Any) -> dict[str, str]:
    """Return the headers that HTTP can carry at all."""
    return {
        name: value
        for name, value in dict(headers or {}).items()
        if isinstance(value, str) and value.isascii() and value.isprintable()
    }


def write_body(portal: Portal, case: Any) -> bytes:
    if isinstance(case.body, bytes):
        return case.body
    if "form" in case.media_type:
        return urlencode(case.body if isinstance(case.body, dict) else {}).encode()
    body = case.body
    if isinstance(body, dict) and isinstance(body.get("items"), list):
        body = {**body, "items": [sign(portal.people["owner"], one) for one in body["items"]]}
    if isinstance(body, dict) and "registration" in body:
        device = Device(portal.world.http, portal.world.clock)
        body = {**body, "registration": sign(device, body["registration"])}
    return json.dumps(body).encode()


def sign(author: Device, item: Any) -> Any:
    """Sign what was generated for a body and its disclosures, whatever it is, in a good frame."""
    if not isinstance(item, dict) or not isinstance(item.get("body"), dict):
        return item
    given = item.get("disclosures")
    beside = given if isinstance(given, dict) else {}
    texts = {name: json.dumps([SALT, values]) for name, values in beside.items()}
    body = {**item["body"], **{name: digest_of(text) for name, text in texts.items()}}
    if "jwk" in body:
        body["jwk"] = msgspec.to_builtins(public_jwk(author.key))
    return msgspec.to_builtins(
        sign_payload(author.key, json.dumps(frame(author, item.get("kind"), body)), texts or None)
    )


def frame(author: Device, kind: Any, body: Fields) -> Fields:
    document_id = str(uuid7())
    return {
        "v": 1,
        "by": thumbprint(public_jwk(author.key)),
        "kind": kind,
        "id": document_id,
        "entity": document_id,
        "base": None,
        "after": [],
        "log": LOG,
        "place": SANGKAT_4,
        "seq": 1,
        "made_at": "2026-03-02T03:00:00.000Z",
        "anchor": None,
        "body": body,
    }
