"""The columns of a list of people that is imported, and the stay that the cells of a row say.

Apart so that what `sangkat import --help` tells and what is read are one table.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from api.facts.countries import find_nationality
from api.facts.values import fold_digits
from api.ledger.values import Known
from api.stays.records import DocumentHolder, Stay, StayRole, VisaClass, WorkPermit

_DAY: Final = "a day, 2026-03-02"
_YEAR: Final = re.compile(r"[0-9]{4}")
_CODE: Final = "code of the country as passports print it, VNM"


class Column(NamedTuple):
    """What a column is called, where its cells go in a stay (JSON), and what they hold."""

    name: str
    to: tuple[str, ...]
    said: str


def _choose(of: object) -> str:
    return " ".join(map(str, get_args(of)))


_ONE_OF: Final = {
    "sex": _choose(get_type_hints(Stay)["sex"]),
    "role": _choose(StayRole),
    "document_holder": _choose(DocumentHolder),
    "visa_class": _choose(VisaClass),
    "permit_state": _choose(get_type_hints(WorkPermit)["state"]),
    "known": _choose(Known),
}
COLUMNS: Final = (
    Column("primary", ("identity", "primary"), "family name as the passport prints it"),
    Column("secondary", ("identity", "secondary"), "given names"),
    Column(
        "printed", ("identity", "printed"), "the whole name, where it is not known which is which"
    ),
    Column("native", ("identity", "native"), "the name in its own script"),
    Column("born_on", ("identity", "born_on"), "1990, 1990-05 or 1990-05-17"),
    Column("guardian", ("identity", "guardian"), "who answers for a child"),
    Column("nationality", ("nationality",), f"{_CODE}; or unknown. The column has to be there"),
    Column("sex", ("sex",), _ONE_OF["sex"]),
    Column("role", ("role",), _ONE_OF["role"]),
    Column("unit", ("unit",), "room or flat"),
    Column("arrived_on", ("arrived_on",), _DAY),
    Column("expected_departure_on", ("expected_departure_on",), _DAY),
    Column("previous_premises_id", ("previous_premises_id",), "id of the building before this one"),
    Column("slip_language", ("slip_language",), "language of the person's slip, vi"),
    Column("document_kind", ("document", "kind"), "passport where the cell is empty"),
    Column("document_number", ("document", "number"), "unknown where the cell is empty"),
    Column("document_issuer", ("document", "issuer"), "the nationality where the cell is empty"),
    Column("document_expires_on", ("document", "expires_on"), _DAY),
    Column("document_holder", ("document_holder",), f"who keeps it: {_ONE_OF['document_holder']}"),
    Column("document_missing", ("document_missing",), "why none was shown"),
    Column("visa_class", ("visa", "class"), _ONE_OF["visa_class"]),
    Column("visa_number", ("document", "visa_number"), "as printed on the visa"),
    Column("visa_entered_on", ("visa", "entered_on"), _DAY),
    Column("visa_expires_on", ("visa", "expires_on"), _DAY),
    Column("employer", ("work", "employer"), "who employs the person"),
    Column("employer_licence", ("work", "employer_licence"), "number of the employer's licence"),
    Column("position", ("work", "position"), "what the person works as"),
    Column("contract_written", ("work", "contract", "written"), _ONE_OF["known"]),
    Column("contract_languages", ("work", "contract", "languages"), "codes, km zh"),
    Column(
        "contract_copy_held_by_worker",
        ("work", "contract", "copy_held_by_worker"),
        _ONE_OF["known"],
    ),
    Column("contract_starts_on", ("work", "contract", "starts_on"), _DAY),
    Column("contract_ends_on", ("work", "contract", "ends_on"), f"{_DAY}; or open"),
    Column("permit_state", ("work", "permit", "state"), f"work permit: {_ONE_OF['permit_state']}"),
    Column("permit_year", ("work", "permit", "year"), "2026"),
    Column("permit_number", ("document", "permit_number"), "as printed on the work permit"),
    Column("phone", ("contact", "phone"), "telephone of the person"),
    Column("contact_other", ("contact", "other"), "another way to reach the person"),
    Column("arranged_by", ("contact", "arranged_by"), "who arranged the stay"),
    Column("remarks", ("remarks", "text"), "free text"),
)
KNOWN: Final = frozenset(column.name for column in COLUMNS)
_LINES: Final = "remarks"
NEEDED: Final = ("nationality",)
# What a stay has to say of each part that is said at all; nothing forces a made-up value.
_UNKNOWN: Final[Mapping[tuple[str, ...], Mapping[str, Any]]] = {
    (): {
        "sex": "unknown",
        "role": "unknown",
        "arrived_on": "unknown",
        "document_holder": "unknown",
    },
    ("visa",): {"class": "unknown"},
    ("identity",): {"primary": "", "secondary": "", "born_on": "unknown"},
    ("document",): {"kind": "passport", "number": "unknown"},
    ("work",): {"employer": "unknown"},
    ("work", "contract"): {"written": "unknown"},
    ("work", "permit"): {"state": "unknown"},
}
_ALWAYS: Final = ((), ("visa",), ("identity",))


def describe_columns() -> str:
    """Return one line for each column."""
    width = max(map(len, KNOWN))
    lines = [f"  {column.name.ljust(width)}  {column.said}" for column in COLUMNS]
    return "\n".join(["columns, in any order; an empty cell is not known:", *lines])


def read_stay(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the stay that a row says, as `POST /v1/stays` takes it; an empty cell is unknown."""
    stay: dict[str, Any] = {"entry_method": "import"}
    for path in _ALWAYS:
        _open(stay, path)
    for column in COLUMNS:
        if cell := cells.get(column.name):
            *path, name = column.to
            _open(stay, tuple(path))[name] = _read_cell(column.name, cell)
    if "document" in stay:
        stay["document"].setdefault("issuer", stay.get("nationality", ""))
    return stay


def find_swallowed(cells: Mapping[str, str]) -> str | None:
    """Say which cell, by heads in the order of the table, may hide rows that follow it.

    Of all columns only the remarks may have several lines; none of these may read like a row.
    """
    for name, cell in cells.items():
        lines = cell.splitlines()
        if name != _LINES and len(lines) > 1:
            return f"{name} goes on in the next line; is a quote missing?"
        if name == _LINES and any(_is_row(line, list(cells)) for line in lines[1:]):
            return f"{name} hold another person's row; is a quote missing?"
    return None


def _is_row(line: str, heads: Sequence[str]) -> bool:
    """Tell whether a line reaches as far as the remarks do, past the nationality of somebody."""
    row = dict(zip(heads, line.split(","), strict=False))
    nationality = row.get("nationality", "").strip()
    return _LINES in row and (nationality == "unknown" or bool(find_nationality(nationality)))


def _open(stay: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Return a part of the stay, begun with what it has to say."""
    part = stay if not path else _open(stay, path[:-1]).setdefault(path[-1], {})
    for name, value in _UNKNOWN.get(path, {}).items():
        part.setdefault(name, value)
    return part


def _read_cell(name: str, cell: str) -> str | int | list[str]:
    """Return what JSON has for a cell; a number that is none is left for the register to refuse."""
    if name == "contract_languages":
        return re.split(r"[\s,;]+", cell)
    year = fold_digits(cell)
    return int(year) if name == "permit_year" and _YEAR.fullmatch(year) else cell
