"""Writes `records.ts` of each slice of the PWA from the Structs that documents are read by.

A slice of the PWA so has the words of the register and no others: what a phone composes is checked
by the compiler against what the register reads.
"""

import inspect
import types
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin
from uuid import UUID

import msgspec
from msgspec import Struct

from api.intake.kinds import KINDS

PWA: Final = Path(__file__).resolve().parents[2] / "pwa" / "src"
_WIDTH: Final = 120
_PLAIN: Final[Mapping[Any, str]] = {
    str: "string",
    UUID: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    Any: "unknown",
}
_HEAD: Final = (
    "// What documents of this slice say, written from api/{slice}/records.py: "
    "python -m tests.schema.generate\n"
)


def list_records() -> dict[Path, str]:
    """Return the text of every records.ts: one for each slice that both sides have."""
    by_slice: dict[str, list[type[Struct]]] = {}
    for struct in _list_structs():
        by_slice.setdefault(_slice_of(struct), []).append(struct)
    return {
        PWA / name / "records.ts": write_records(name, structs)
        for name, structs in sorted(by_slice.items())
        if name and (PWA / name).is_dir()
    }


def write_records(name: str, structs: list[type[Struct]]) -> str:
    """Return a module with the Structs and named choices of a slice, in the order of Python."""
    module = import_module(f"api.{name}.records")
    structs = sorted(structs, key=lambda struct: inspect.getsourcelines(struct)[1])
    named = {of: key for key, of in vars(module).items() if _is_own_choice(module, key, of)}
    said = [_write_choice(key, of) for of, key in named.items()]
    used = [_write_struct(struct, named) for struct in structs]
    return "\n".join([_HEAD.format(slice=name), *_write_imports(name, structs), *said, *used])


def _list_structs() -> list[type[Struct]]:
    """Return what bodies and disclosures consist of, each once."""
    found: dict[type[Struct], None] = {}
    waiting: list[Any] = [
        of for kind in KINDS.values() for of in (kind.body, *kind.disclosures.values())
    ]
    while waiting:
        struct = waiting.pop(0)
        if struct not in found:
            found[struct] = None
            waiting += [of for field in msgspec.structs.fields(struct) for of in _in(field.type)]
    return list(found)


def _in(of: Any) -> Iterator[type[Struct]]:
    """Return the Structs inside a type."""
    if inspect.isclass(of) and issubclass(of, Struct):
        yield of
    for part in get_args(of):
        yield from _in(part)


def _slice_of(struct: type[Struct]) -> str:
    parts = struct.__module__.split(".")
    return parts[1] if parts[0] == "api" else ""


def _is_choice(of: Any) -> bool:
    return get_origin(of) is Literal


def _is_own_choice(module: types.ModuleType, key: str, of: Any) -> bool:
    """Say whether a module names a choice itself, and does not import it."""
    return _is_choice(of) and f"\n{key} = Literal" in inspect.getsource(module)


def _write_choice(name: str, of: Any) -> str:
    return _break(f"export type {name} =", [f'"{value}"' for value in get_args(of)])


def _break(head: str, parts: list[str]) -> str:
    """Write a union on one line, or a part a line when it is too long."""
    line = f"{head} {' | '.join(parts)};"
    if len(line) <= _WIDTH:
        return line + "\n"
    indent = " " * (len(head) - len(head.lstrip()) + 2)
    return "\n".join([head, *(f"{indent}| {part}" for part in parts)]) + ";\n"


def _write_struct(struct: type[Struct], named: Mapping[Any, str]) -> str:
    said = " ".join((struct.__doc__ or "").split())
    fields = "".join(_write_field(field, named) for field in msgspec.structs.fields(struct))
    return f"/** {said} */\nexport type {struct.__name__} = {{\n{fields}}};\n"


def _write_field(field: msgspec.structs.FieldInfo, named: Mapping[Any, str]) -> str:
    mark = "" if field.required else "?"
    return _break(f"  readonly {field.encode_name}{mark}:", _write_parts(field.type, named))


def _write_parts(of: Any, named: Mapping[Any, str]) -> list[str]:
    """Return the members of a type; what may be left out is left out, never null."""
    if get_origin(of) is Annotated:
        return _write_parts(get_args(of)[0], named)
    if get_origin(of) in (Union, types.UnionType):
        given = [part for part in get_args(of) if part is not types.NoneType]
        return list(dict.fromkeys(text for part in given for text in _write_parts(part, named)))
    if _is_choice(of):
        return [named[of]] if of in named else [f'"{value}"' for value in get_args(of)]
    return [_write_one(of, named)]


def _write_one(of: Any, named: Mapping[Any, str]) -> str:
    if of in _PLAIN:
        return _PLAIN[of]
    parts = [" | ".join(_write_parts(part, named)) for part in get_args(of) if part is not Ellipsis]
    if get_origin(of) is dict:
        return f"Readonly<Record<string, {parts[1]}>>"
    if get_origin(of) is tuple and Ellipsis not in get_args(of):
        return f"readonly [{', '.join(parts)}]"
    if get_origin(of) in (list, tuple):
        return f"readonly ({parts[0]})[]" if " " in parts[0] else f"readonly {parts[0]}[]"
    return of.__name__


def _write_imports(name: str, structs: list[type[Struct]]) -> list[str]:
    """Return the imports of Structs that another slice or the protocol holds."""
    named = {
        of for one in structs for field in msgspec.structs.fields(one) for of in _in(field.type)
    }
    others: dict[str, list[str]] = {}
    for of in named:
        if _slice_of(of) != name:
            home = f"../{_slice_of(of)}/records.ts" if _slice_of(of) else "../sync/messages.ts"
            others.setdefault(home, []).append(of.__name__)
    lines = [
        f'import type {{ {", ".join(sorted(names))} }} from "{home}";\n'
        for home, names in sorted(others.items())
    ]
    return ["".join(lines)] if lines else []
