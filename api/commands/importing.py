"""`sangkat import`: a building's people from CSV; good rows are taken, bad ones are named."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from api.administration.lists import Import
from api.commands.columns import KNOWN, NEEDED, describe_columns, find_swallowed, read_stay
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, REFUSED, WRONG_USE, Stopped
from api.commands.reaching import Administration, call
from api.commands.tables import Row, read_table
from api.gateway.records import ROWS_MAX, BatchAnswer, RowResult
from api.settings import Settings


class Person(NamedTuple):
    """The stay that a row says, the line on which it begins, and why it is not sent."""

    line: int
    stay: dict[str, Any]
    fault: str | None


def add_to(commands: Commands) -> None:
    """Describe the flags, and the columns."""
    said = "take a building's people from a CSV file (UTF-8, the first line names the columns)"
    command = add_command(commands, "import", said, _run)
    command.formatter_class = argparse.RawDescriptionHelpFormatter
    command.epilog = describe_columns()
    command.add_argument("file", type=Path, metavar="FILE", help="the list, one person a line")
    said = "the building that they live or work in"
    command.add_argument("--premises", required=True, type=UUID, metavar="ID", help=said)
    command.add_argument("--dry-run", action="store_true", help="only say what would happen")


def _run(options: argparse.Namespace, settings: Settings) -> int:
    rows = list(read_rows(options.file, options.premises))
    sent = [row for row in rows if row.fault is None]
    results = call(settings, lambda to: _send(to, options, [row.stay for row in sent]))
    faults = {row.line: row.fault for row in rows if row.fault is not None}
    answered = zip(sent, results, strict=True)
    faults |= {row.line: _describe(one) for row, one in answered if one.problem}
    for line, fault in sorted(faults.items()):
        print(f"line {line}: {fault}", file=sys.stderr)
    print(_count(len(rows), results, "would be taken" if options.dry_run else "taken"))
    return REFUSED if faults else DONE


def _count(rows_count: int, results: Sequence[RowResult], taken: str) -> str:
    """Say how many people are new to the register, and how many it had from an earlier time."""
    known = sum(one.is_replayed for one in results)
    new = sum(one.problem is None for one in results) - known
    said = f"{new} of {rows_count} rows {taken}"
    return f"{said}; {known} are entered already, nothing was changed" if known else said


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


def read_rows(file: Path, premises_id: UUID) -> Iterator[Person]:
    """Yield who is to be taken; a row's id follows from what it says, so it is taken once."""
    table = read_table(file)
    heads = next(table, Row(1, [])).cells
    _check_heads(file, heads)
    known: dict[UUID, int] = {}
    for line, row in table:
        if len(row) > len(heads):
            raise Stopped(f"{file}: line {line} has more cells than heads", WRONG_USE)
        cells = {name: cell.strip() for name, cell in zip_longest(heads, row, fillvalue="")}
        said = "\x1f".join(f"{name}={cells[name]}" for name in sorted(cells))
        key = uuid5(premises_id, said)
        if key in known:
            said = f"line {line}: the same as line {known[key]}, taken once"
            print(said, file=sys.stderr)
            continue
        known[key] = line
        stay = {"idempotency_key": str(key), **read_stay(cells)}
        yield Person(line, stay, find_swallowed(cells))


def _check_heads(file: Path, heads: Sequence[str]) -> None:
    # By number: where the heads are missing, somebody stands in the first line.
    unknown = [f"number {n}" for n, name in enumerate(heads, 1) if name not in KNOWN]
    twice = sorted({name for name in heads if heads.count(name) > 1 and name in KNOWN})
    missing = [name for name in NEEDED if name not in heads]
    faults = {"not known": unknown, "there twice": twice, "missing": missing}
    if said := [f"{fault}: {', '.join(names)}" for fault, names in faults.items() if names]:
        raise Stopped(f"{file}: columns {'; '.join(said)}", WRONG_USE)


def _describe(result: RowResult) -> str:
    problem = result.problem
    if problem is None:
        return "taken"
    where = ", ".join(f"{error.pointer} {error.code}" for error in problem.errors)
    return f"{problem.code} ({where})" if where else problem.code
