"""`sangkat export`: a commune's list as CSV that no spreadsheet runs as a formula.

The notice stands in the last column of every row: the first line holds the heads as RFC 4180 says,
and a row that is copied somewhere else still says what it is.
"""

import argparse
import csv
import re
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TextIO, cast, get_args

from api.administration.lists import Exported
from api.audit.records import Purpose
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, Stopped
from api.commands.reaching import Administration, call
from api.settings import Settings
from api.views.records import View

# What starts a formula, in the wide form too, after what spreadsheets skip; at the start of a cell,
# or after what separates cells where a comma separates decimals.
_FORMULA: Final = re.compile(r"(^|[;|\n])(?=[\t\r]|\s*[=+@\-\uff1d\uff0b\uff20\uff0d])")
_NOTICE: Final = "{place}: exported {at} for {purpose}, masked; each export is put down"
_DEMO: Final = "TEST DATA, nobody here is real. "
COLUMNS: Final = (
    "id",
    "effect",
    "premises_id",
    "unit",
    "primary",
    "secondary",
    "native",
    "sex",
    "born_on",
    "nationality",
    "document_number",
    "document_holder",
    "visa_class",
    "visa_expires_on",
    "role",
    "arrived_on",
    "left_on",
    "received_at",
    "notice",
)


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    command = add_command(
        commands,
        "export",
        "write a commune's list of people as CSV; numbers of documents are masked",
        _run,
    )
    command.add_argument(
        "--place", required=True, metavar="PLACE", help="the commune, such as psh-c-sangkat-4"
    )
    said = "why; it is put down with the export"
    command.add_argument("--purpose", required=True, choices=get_args(Purpose), help=said)
    command.add_argument(
        "--out", type=Path, metavar="FILE", help="write there instead of to standard output"
    )
    command.add_argument("--force", action="store_true", help="write over a file that is there")


def _run(options: argparse.Namespace, settings: Settings) -> int:
    place, purpose = options.place, options.purpose
    if options.out is not None and options.out.is_file() and not options.force:
        raise Stopped(f"{options.out} is there already; --force writes over it")
    first, views = call(settings, lambda to: _list(to, place, purpose))
    about = _NOTICE.format(place=place, at=first.exported_at, purpose=purpose)
    notice = (_DEMO if first.is_demo else "") + about
    if options.out is None:
        write(sys.stdout, notice, views)
        return DONE
    try:
        with options.out.open("w", encoding="utf-8-sig", newline="") as file:
            write(file, notice, views)
    except OSError as error:
        raise Stopped(f"{options.out} cannot be written: {error.strerror}") from error
    print(f"{len(views)} rows in {options.out}. {notice}", file=sys.stderr)
    return DONE


async def _list(to: Administration, place: str, purpose: str) -> tuple[Exported, list[View]]:
    asked = partial(to.ask, "GET", f"/lists/{place}/stays", Exported, purpose=purpose)
    first = page = await asked()
    views = [*first.items]
    while page.next is not None:
        page = await asked(before=page.next)
        views += page.items
    return first, views


def write(file: TextIO, notice: str, views: list[View]) -> None:
    """Write the heads and one row a stay, each with the notice; numbers stay masked."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for view in views:
        row = {**_flatten(view), "notice": notice}
        writer.writerow([neutralise(row.get(name, "")) for name in COLUMNS])


def neutralise(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1'", cell)


def _flatten(view: View) -> dict[str, str]:
    body = view.body
    identity, document, visa = (_part(body, name) for name in ("identity", "document", "visa"))
    known = {
        **body,
        **identity,
        "id": view.id,
        "effect": view.effect,
        "document_number": document.get("number"),
        "visa_class": visa.get("class"),
        "visa_expires_on": visa.get("expires_on"),
        "left_on": view.left_on,
        "received_at": view.received_at,
    }
    return {name: "" if value is None else str(value) for name, value in known.items()}


def _part(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = body.get(name)
    return cast("dict[str, Any]", part) if isinstance(part, dict) else {}
