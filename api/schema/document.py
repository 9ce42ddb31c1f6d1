"""The OpenAPI document of a register, put together from its operations and components."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any, Final

from litestar import Litestar
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED

from api.access import SCOPES
from api.problems import Refusal
from api.rendering import MEDIA_TYPE
from api.schema.components import Schema, list_types, refer, write_components, write_kinds
from api.schema.operations import Asked, Operation, list_operations

VERSION: Final = "0.1.0"
_EXAMPLES: Final = Path(__file__).parent / "examples.json"
_SAID: Final = {
    HTTP_200_OK: "Done",
    HTTP_201_CREATED: "In the log, with its receipt",
    HTTP_202_ACCEPTED: "Kept; it waits for what `missing` names",
}
_OF_BODIES: Final = (400, 413, 415, 422, 429, 503, 507)
_OF_HEADERS: Final = {"Idempotency-Key": 409, "If-Match": 412}
_OF_OPERATIONS: Final[Mapping[str, tuple[int, ...]]] = {
    "blobs.write": (409, 422, 501),
    "devices.register": (403, 429),
    "feed.read": (410,),
    "sync.pull": (410,),
    "sync.push": (421,),
    "token.issue": (401,),
}
_OF_AN_ANSWER: Final = "For `If-None-Match`: 304 while nothing changed"
_HEADERS: Final[Mapping[str, Mapping[str, str]]] = {
    "Written": {
        "ETag": "The current revision, in quotes",
        "Location": "Where it is read",
        "Idempotency-Replayed": "`true` when the key was used before",
    },
    "Page": {"ETag": _OF_AN_ANSWER, "Link": '`rel="next"`: the following part'},
    "View": {"ETag": "The revision, a dot and a digest, in quotes; `If-Match` takes it"},
    "FeedAnswer": {"Link": '`rel="next"`: where to go on'},
}
_TITLE: Final = "Sangkat: register of foreign residents"
_INTRODUCTION: Final = (
    "Programs declare premises and stays, follow the log, and read what their communes hold. "
    "Every refusal is a problem (RFC 9457) with a stable code; `api/README.md` lists them."
)


def describe(app: Litestar) -> Schema:
    """Return the OpenAPI 3.1 document of an application."""
    operations = list_operations(app)
    named = [of for one in operations for of in _types_of(one)]
    schemas, components = write_components([*named, *list_types()])
    by_type = {_key(of): schema for of, schema in zip(named, schemas, strict=False)}
    _add_examples(components)
    paths: dict[str, Schema] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method] = _write_operation(one, by_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _TITLE,
            "version": VERSION,
            "description": _INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "responses": _write_refusals(),
            "securitySchemes": {"bearer": _write_security()},
        },
        "x-sangkat-kinds": write_kinds(),
    }


def write_openapi(app: Litestar) -> str:
    """Return the document as the text that is committed and served."""
    return json.dumps(describe(app), ensure_ascii=False, indent=1, sort_keys=False) + "\n"


def _types_of(one: Operation) -> list[Any]:
    """Return the types whose schemas an operation uses; a content is named by its component."""
    body = [] if one.body in (None, bytes) or isinstance(one.body, str) else [one.body]
    answer = [] if one.answer in (None, NoneType) else [one.answer]
    return [*body, *answer, *(asked.of for asked in one.asked)]


def _key(of: Any) -> str:
    return repr(of)


def _add_examples(components: Mapping[str, Schema]) -> None:
    for name, examples in json.loads(_EXAMPLES.read_text()).items():
        components[name]["examples"] = examples


def _need(scopes: Sequence[str]) -> list[dict[str, list[str]]]:
    """Return the ways in: a token with any of these scopes, or any token."""
    return [{"bearer": [scope]} for scope in scopes] or [{"bearer": []}]


def _write_operation(one: Operation, by_type: Mapping[str, Schema]) -> Schema:
    summary, _, more = one.said.partition("\n\n")
    written: Schema = {
        "operationId": one.name,
        "tags": [one.operation.split(".")[0]],
        "summary": " ".join(summary.split()),
        "x-sangkat-operation": one.operation,
        "security": [] if one.is_public else _need(one.scopes),
        "responses": _write_responses(one, by_type),
    }
    if more.strip():
        written["description"] = " ".join(more.split())
    if one.roles:
        written["x-sangkat-roles"] = list(one.roles)
    if one.asked:
        written["parameters"] = [_write_parameter(asked, by_type) for asked in one.asked]
    if one.body is not None:
        content = {one.media_type: {"schema": _write_body(one.body, by_type)}}
        written["requestBody"] = {"required": True, "content": content}
    return written


def _write_body(body: Any, by_type: Mapping[str, Schema]) -> Schema:
    if body is bytes:
        return {"type": "string", "format": "binary"}
    return refer(body) if isinstance(body, str) else by_type[_key(body)]


def _write_parameter(asked: Asked, by_type: Mapping[str, Schema]) -> Schema:
    schema = dict(by_type[_key(asked.of)])
    if asked.default is not None:
        schema["default"] = asked.default
    said: Schema = {} if asked.said is None else {"description": asked.said}
    if asked.required_of:
        said["x-sangkat-required-of"] = list(asked.required_of)
    where: Schema = {"name": asked.name, "in": asked.where, "required": asked.is_required}
    return {**where, **said, "schema": schema}


def _write_responses(one: Operation, by_type: Mapping[str, Schema]) -> Schema:
    responses: Schema = {}
    for status in sorted(one.statuses):
        answer: Schema = {"description": _SAID.get(status, "Done"), **_write_headers(one)}
        if one.answer not in (None, NoneType):
            answer["content"] = _write_content(one, by_type)
        responses[str(status)] = answer
    refused = {str(status): _refer_refusal(status) for status in _list_refused(one)}
    return {**responses, **refused, "default": {"$ref": "#/components/responses/Refused"}}


def _write_content(one: Operation, by_type: Mapping[str, Schema]) -> Schema:
    """Return what is answered: of a file only its type."""
    return {one.answer_type: {} if one.answer is bytes else {"schema": by_type[_key(one.answer)]}}


def _write_headers(one: Operation) -> Schema:
    named = _HEADERS.get(getattr(one.answer, "__name__", ""), {})
    headers = {
        name: {"description": said, "schema": {"type": "string"}} for name, said in named.items()
    }
    return {"headers": headers} if headers else {}


def _list_refused(one: Operation) -> list[int]:
    """Return the statuses of refusals that a caller has to reckon with."""
    statuses = {400} if one.asked else set[int]()
    statuses |= set() if one.is_public else {401, 403}
    statuses |= {404} if any(asked.where == "path" for asked in one.asked) else set()
    statuses |= set(_OF_BODIES) if one.body is not None else set()
    statuses |= {_OF_HEADERS[asked.name] for asked in one.asked if asked.name in _OF_HEADERS}
    statuses |= set(_OF_OPERATIONS.get(one.operation, ()))
    return sorted(statuses | {405} if one.statuses == (405,) else statuses)


def _refer_refusal(status: int) -> Schema:
    return {"$ref": f"#/components/responses/Refused{status}"}


def _write_refusals() -> Schema:
    """Return one answer a status, with the codes that it can carry."""
    codes: dict[int, list[str]] = {}
    for refusal in _list_refusals(Refusal):
        codes.setdefault(refusal.status, []).append(refusal.code)
    content = {MEDIA_TYPE: {"schema": refer("Problem")}}
    named = {
        f"Refused{status}": {
            "description": ", ".join(f"`{code}`" for code in sorted(set(of))),
            "content": content,
        }
        for status, of in sorted(codes.items())
    }
    return {**named, "Refused": {"description": "Any other refusal", "content": content}}


def _list_refusals(kind: type[Refusal]) -> Iterable[type[Refusal]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _list_refusals(below)


def _write_security() -> Schema:
    scopes = ", ".join(f"`{scope}`" for scope in sorted(SCOPES))
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"An opaque token of `POST /oauth/token`; programs' scopes: {scopes}.",
    }
