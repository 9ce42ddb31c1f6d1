"""`sangkat export`: a commune's list as CSV that no spreadsheet runs as a formula."""

import argparse
import csv
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE
from api.commands.reaching import Administration, call
from api.settings import Settings
from api.views.records import Page, View

_FIRST: Final = str(2**53)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_WATERMARK: Final = "{place}: list for the commune police, exported {at}; each export is put down"
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
)


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    command = add_command(commands, "export", "write a commune's list as CSV, masked", _run)
    command.add_argument("--place", required=True, metavar="PLACE", help="the commune")
    command.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")


def _run(options: argparse.Namespace, settings: Settings) -> int:
    views = call(settings, lambda to: _list(to, options.place))
    if options.out is None:
        write(sys.stdout, options.place, views)
        return DONE
    with options.out.open("w", encoding="utf-8-sig", newline="") as file:
        write(file, options.place, views)
    print(f"{len(views)} rows in {options.out}", file=sys.stderr)
    return DONE


async def _list(to: Administration, place: str) -> list[View]:
    views: list[View] = []
    before: str | None = _FIRST
    while before is not None:
        page = await to.ask("GET", f"/lists/{place}/stays", Page, before=before)
        views += page.items
        before = page.next
    return views


def write(file: TextIO, place: str, views: list[View]) -> None:
    """Write the watermark, the heads and one row a stay; numbers stay masked."""
    writer = csv.writer(file, lineterminator="\r\n")
    at = max((view.received_at for view in views), default="")
    writer.writerow([_WATERMARK.format(place=place, at=at or "empty")])
    writer.writerow(COLUMNS)
    for view in views:
        row = _flatten(view)
        writer.writerow([neutralise(row.get(name, "")) for name in COLUMNS])


def neutralise(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


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
    part: dict[str, Any] = body.get(name) or {}
    return part
