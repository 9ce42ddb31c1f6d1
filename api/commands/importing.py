"""`sangkat import`: a building's people from CSV; good rows are taken, bad ones are named."""

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from api.administration.lists import Import
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, REFUSED, WRONG_USE, Stopped
from api.commands.reaching import Administration, call
from api.gateway.records import ROWS_MAX, BatchAnswer, RowResult
from api.settings import Settings

_DEFAULTS: Final = {"sex": "unknown", "role": "unknown", "arrived_on": "unknown"}
_PERSON: Final = ("primary", "secondary", "native", "born_on", "guardian")
_DOCUMENT: Final = {
    "document_kind": "kind",
    "document_number": "number",
    "document_issuer": "issuer",
    "document_expires_on": "expires_on",
}
_PLAIN: Final = ("nationality", "sex", "role", "unit", "arrived_on", "expected_departure_on")
_NEEDED: Final = ("nationality",)
_KNOWN: Final = frozenset(
    (*_PERSON, *_DOCUMENT, *_PLAIN, "visa_class", "visa_expires_on", "document_holder", "remarks")
)


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    said = "take a building's people from a CSV file; columns: " + ", ".join(sorted(_KNOWN))
    command = add_command(commands, "import", said, _run)
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--premises", required=True, type=UUID, metavar="ID")
    command.add_argument("--dry-run", action="store_true", help="only say what would happen")


def _run(options: argparse.Namespace, settings: Settings) -> int:
    rows = list(read_rows(options.file, options.premises))
    results = call(settings, lambda to: _send(to, options, [row for _, row in rows]))
    bad = [(line, one) for (line, _), one in zip(rows, results, strict=True) if one.problem]
    for line, one in bad:
        print(f"line {line}: {_describe(one)}", file=sys.stderr)
    taken = "would be taken" if options.dry_run else "taken"
    print(f"{len(results) - len(bad)} of {len(results)} rows {taken}")
    return REFUSED if bad else DONE


async def _send(
    to: Administration, options: argparse.Namespace, rows: list[dict[str, Any]]
) -> list[RowResult]:
    results: list[RowResult] = []
    for first in range(0, len(rows), ROWS_MAX):
        body = Import(options.premises, rows[first : first + ROWS_MAX])
        asked = {"dry_run": "true"} if options.dry_run else {}
        answer = await to.ask("POST", "/lists/stays", BatchAnswer, body, **asked)
        results += answer.results
        print(f"{len(results)}/{len(rows)}", end="\r", file=sys.stderr)
    return results


def read_rows(file: Path, premises_id: UUID) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield line numbers and stays; a row's id follows from what it says, so it is taken once."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Stopped(f"{file}: {error.strerror}", WRONG_USE) from error
    except UnicodeDecodeError as error:
        raise Stopped(f"{file}: not UTF-8", WRONG_USE) from error
    reader = csv.DictReader(StringIO(text, newline=""))
    _check_heads(file, reader.fieldnames or ())
    known: dict[UUID, int] = {}
    for row in reader:
        cells = {name: (value or "").strip() for name, value in row.items() if name in _KNOWN}
        if None in row:
            raise Stopped(f"{file}: line {reader.line_num} has more cells than heads", WRONG_USE)
        said = "\x1f".join(f"{name}={cells[name]}" for name in sorted(cells))
        key = uuid5(premises_id, said)
        if key in known:
            said = f"line {reader.line_num}: the same as line {known[key]}, taken once"
            print(said, file=sys.stderr)
            continue
        known[key] = reader.line_num
        yield reader.line_num, {"idempotency_key": str(key), **_read(cells)}


def _check_heads(file: Path, heads: Sequence[str]) -> None:
    unknown = sorted(set(heads) - _KNOWN)
    twice = sorted({name for name in heads if heads.count(name) > 1})
    missing = [name for name in _NEEDED if name not in heads]
    faults = {"not known": unknown, "there twice": twice, "missing": missing}
    if said := [f"{fault}: {', '.join(names)}" for fault, names in faults.items() if names]:
        raise Stopped(f"{file}: columns {'; '.join(said)}", WRONG_USE)


def _read(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return a stay; an empty cell is unknown."""
    filled = {name: value for name, value in cells.items() if value}
    stay: dict[str, Any] = {
        **_DEFAULTS,
        **{name: filled[name] for name in _PLAIN if name in filled},
        "document_holder": filled.get("document_holder", "unknown"),
        "visa": {"class": filled.get("visa_class", "unknown")},
        "entry_method": "import",
        "identity": {"primary": "", "secondary": "", "born_on": "unknown"}
        | {name: filled[name] for name in _PERSON if name in filled},
    }
    if "visa_expires_on" in filled:
        stay["visa"]["expires_on"] = filled["visa_expires_on"]
    if "document_number" in filled:
        given = {to: filled[name] for name, to in _DOCUMENT.items() if name in filled}
        stay["document"] = {"kind": "passport", "issuer": filled.get("nationality", ""), **given}
    if "remarks" in filled:
        stay["remarks"] = {"text": filled["remarks"]}
    return stay


def _describe(result: RowResult) -> str:
    problem = result.problem
    if problem is None:
        return "taken"
    where = ", ".join(f"{error.pointer} {error.code}" for error in problem.errors)
    return f"{problem.code} ({where})" if where else problem.code
