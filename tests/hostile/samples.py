"""Full bodies made from the interface's own schemas, and one hostile value at a time in them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import uuid4

from tests.hostile.values import HOSTILE
from tests.makers import LOG
from tests.schema.generate import ROOT

DOCUMENT: Final = json.loads((ROOT / "api" / "schema" / "openapi.json").read_text())
SCHEMAS: Final[dict[str, Any]] = DOCUMENT["components"]["schemas"]
_HOLE: Final = "\u2026hole\u2026"
_BY_NAME: Final[Mapping[str, Any]] = {
    "nationality": "VNM",
    "issuer": "UTO",
    "phone": "+85512000001",
    "as_of": "2026-03-02T03:00:00.000Z",
    "unchanged_since": "2026-03-01T03:00:00.000Z",
    "places": [LOG],
    "ends_on": "open",
    "photo": "0f" * 32,
}
_BY_ENDING: Final = {"_on": "2026-02-20", "_at": "2026-03-02T03:00:00.000Z"}


def fill(schema: Mapping[str, Any], name: str = "") -> Any:
    """Return a value of a schema with every property in it; dates and codes are good ones."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if "$ref" in schema:
        return fill(SCHEMAS[schema["$ref"].rpartition("/")[2]], name)
    if "anyOf" in schema:
        objects = [one for one in schema["anyOf"] if "$ref" in one]
        return fill((objects or schema["anyOf"])[0], name)
    if "enum" in schema:
        return schema["enum"][0]
    return _fill_type(schema, name)


def _fill_type(schema: Mapping[str, Any], name: str) -> Any:
    match schema.get("type"):
        case "object":
            return {key: fill(part, key) for key, part in schema.get("properties", {}).items()}
        case "array":
            parts = schema.get("prefixItems") or [schema.get("items", {})]
            return [fill(part) for part in parts]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case _:
            return _fill_text(schema, name)


def _fill_text(schema: Mapping[str, Any], name: str) -> str:
    if schema.get("format") == "uuid":
        return str(uuid4())
    ending = next((ending for ending in _BY_ENDING if name.endswith(ending)), None)
    return _BY_ENDING[ending] if ending else "x" * max(schema.get("minLength", 1), 1)


def spoil(body: Any) -> Iterator[tuple[str, str]]:
    """Return (what was done, JSON text) for every value in a body and every hostile value."""
    for pointer, text in _list_holes(body):
        for name, hostile in HOSTILE.items():
            yield f"{name} at {pointer}", text.replace(json.dumps(_HOLE), hostile)


def _list_holes(body: Any) -> Iterator[tuple[str, str]]:
    for steps in list(_list_steps(body)):
        spoilt = json.loads(json.dumps(body))
        place = spoilt
        for step in steps[:-1]:
            place = place[step]
        place[steps[-1]] = _HOLE
        yield "/" + "/".join(map(str, steps)), json.dumps(spoilt)


def _list_steps(value: Any, steps: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if steps:
        yield steps
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _list_steps(part, (*steps, key))
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _list_steps(part, (*steps, index))
