"""Every Struct on the wire as a named schema, and bodies with what travels beside them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from api.gateway.records import Batch
from api.intake.kinds import KINDS
from sync.messages import Item, Payload, Problem, PushRequest

Schema = dict[str, Any]

_REF: Final = "#/components/schemas/{name}"
_PLACE: Final[Schema] = {
    "type": "string",
    "maxLength": 64,
    "description": "The commune; may be left out where premises say it.",
}
_KEY: Final[Schema] = {
    "type": "string",
    "format": "uuid",
    "description": "As the header Idempotency-Key of a single write: the id of the document.",
}
_PLAIN: Final = ("premises", "stay", "declaration", "pledge", "departure", "withdrawal")
_SAID_BY_US: Final = {"pledge": "unlocked_by"}
_CORRECTED: Final = ("stay",)


class Assertion(Struct, frozen=True):
    """The form of a sign-in: a phone sends `assertion`, a program `client_assertion`."""

    grant_type: Literal["urn:ietf:params:oauth:grant-type:jwt-bearer", "client_credentials"]
    assertion: str | None = None
    client_assertion_type: (
        Literal["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"] | None
    ) = None
    client_assertion: str | None = None


def refer(name: str) -> Schema:
    """Return a reference to a named schema."""
    return {"$ref": _REF.format(name=name)}


def list_types() -> list[type]:
    """Return what no handler names: the bodies of the kinds and the frame around them."""
    bodies = [kind.body for kind in KINDS.values()]
    beside = [of for kind in KINDS.values() for of in kind.disclosures.values()]
    return [*bodies, *beside, Item, Payload, Problem, PushRequest, Batch, Assertion]


def write_components(types: Iterable[Any]) -> tuple[list[Schema], dict[str, Schema]]:
    """Return the schemas of these types and every schema that they name."""
    schemas, components = msgspec.json.schema_components(list(types), ref_template=_REF)
    components |= {f"{name}Content": write_content(kind, components) for kind, name in _names()}
    components |= {
        f"{name}Patch": write_patch(kind, components[f"{name}Content"])
        for kind, name in _names()
        if kind in _CORRECTED
    }
    row = components["StayContent"]
    components["StayRow"] = {
        **row,
        "title": "StayRow",
        "required": ["idempotency_key", *row["required"]],
        "properties": {"idempotency_key": _KEY, **row["properties"]},
    }
    components["Batch"]["properties"]["rows"] = {
        "type": "array",
        "maxItems": 100,
        "items": refer("StayRow"),
    }
    _open_texts(components)
    return list(schemas), components


def _names() -> list[tuple[str, str]]:
    return [(kind, KINDS[kind].body.__name__) for kind in _PLAIN]


def write_content(kind: str, components: Mapping[str, Schema]) -> Schema:
    """Return the JSON of a plain write: the body with its personal objects in line."""
    of = KINDS[kind]
    name = of.body.__name__
    body = components[name]
    in_line = {beside: refer(opened.__name__) for beside, opened in of.disclosures.items()}
    required = [one for one in body.get("required", []) if one != _SAID_BY_US.get(kind)]
    return {
        **body,
        "title": f"{name}Content",
        "properties": {**body["properties"], **in_line, "place": _PLACE},
        "required": [*required, *(["place"] if kind == "premises" else [])],
    }


def write_patch(kind: str, content: Schema) -> Schema:
    """Return the merge patch of a content: fields may be left out, or null to remove them."""
    return {
        **content,
        "title": content["title"].replace("Content", "Patch"),
        "description": "A JSON merge patch (RFC 7396); personal objects are replaced whole.",
        "required": [],
        "properties": {
            name: {"anyOf": [schema, *_parts(kind, name, schema), {"type": "null"}]}
            for name, schema in content["properties"].items()
        },
    }


def _parts(kind: str, name: str, schema: Schema) -> list[Schema]:
    """Return a part of an object for what is merged, nothing for what is replaced whole."""
    is_object = "$ref" in json.dumps(schema) and name not in KINDS[kind].disclosures
    return [{"type": "object"}] if is_object else []


def _open_texts(components: dict[str, Schema]) -> None:
    """Say what stands inside the texts of an item: they are signed as bytes."""
    bodies = [refer(kind.body.__name__) for kind in KINDS.values()]
    payload, item = components["Payload"]["properties"], components["Item"]["properties"]
    payload["kind"] = {"type": "string", "enum": sorted(KINDS)}
    payload["body"] = {
        "description": "By kind (`x-sangkat-kinds`); a correction is a merge patch of it.",
        "anyOf": [*bodies, {"type": "object"}],
    }
    item["payload"] |= {
        "contentMediaType": "application/json",
        "contentSchema": refer("Payload"),
    }
    components["PushRequest"]["properties"]["items"]["items"] = refer("Item")


def write_kinds() -> Schema:
    """Return, for each kind of document, the schemas of its body and of what is disclosed."""
    return {
        name: {
            "body": _REF.format(name=kind.body.__name__),
            "disclosures": {
                beside: _REF.format(name=of.__name__) for beside, of in kind.disclosures.items()
            },
            "refers": list(kind.refers),
            "acts_on": list(kind.acts_on),
        }
        for name, kind in sorted(KINDS.items())
    }
