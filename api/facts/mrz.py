"""The machine-readable zone of a passport, card or visa, typed, pasted or scanned: read here alone.

Twin: pwa/src/facts/mrz.ts. Golden cases: tests/vectors/mrz.json. Optional data often holds a
national identity number: it is used to verify and never leaves this module.
"""

import re
import unicodedata
from datetime import date
from typing import Literal

from msgspec import Struct, structs

from api.facts import mrz_layouts as zone
from api.facts.dates import earliest_day, is_full_date, is_partial_date, is_plausible_expiry
from api.facts.mrz_layouts import FILLER, CheckName, CheckState, Layout, Span
from api.facts.names import mrz_name
from api.facts.values import fold_digits, strip_zero_width

FieldName = Literal["name", "issuing_state", "nationality", "sex", "birth_date", "expiry_date"]

_SPECIMEN_STATE = "UTO"
_ONE_LINE = {88: 44, 72: 36, 90: 30}
_LEGAL = re.compile("[A-Z0-9<]*")
# Word processors and fonts turn << into «; where that does not fit, « stood for one filler.
_ANGLES = str.maketrans(
    {"\u2039": "<", "\u3008": "<", "\u27e8": "<", "\u300a": "\u00ab", "\u27ea": "\u00ab"}
)
# G and 6 are not here: 16 and 6 are equal modulo 10, so no check digit tells them apart.
_LOOK_ALIKE = {"O": "0", "I": "1", "B": "8", "S": "5", "Z": "2"}


class Repair(Struct, frozen=True):
    """The one character that was taken for its look-alike; line and position count from 1."""

    line: int
    position: int
    printed: str
    read: str


class Mrz(Struct, frozen=True, tag="zone", tag_field="reading"):
    """What a machine-readable zone says, in the words of a stay; `failing` is what does not hold.

    `born_on` may be `1988` or `1988-05`; None is an unknown or impossible date. `issuer` is empty
    when only the second line was typed.
    """

    format: Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]
    document_code: str
    issuer: str
    number: str
    nationality: str
    primary: str
    secondary: str
    name_truncated: bool
    born_on: str | None
    sex: Literal["M", "F", "X"]
    expires_on: str | None
    checks: dict[CheckName, CheckState]
    failing: tuple[CheckName | FieldName, ...]
    repair: Repair | None = None


class MrzFault(Struct, frozen=True, tag="none", tag_field="reading"):
    """Nothing could be read: wrong number of characters, foreign characters, or a specimen."""

    code: Literal["length", "characters", "specimen"]


def read_mrz(text: str, today: date, *, specimens: bool = False) -> Mrz | MrzFault:
    """Read the zone; specimens (state UTO) are for tests and the demo alone."""
    lines = _find_lines(text)
    layout = zone.find_layout(lines)
    if layout is None:
        return MrzFault("length")
    if not _LEGAL.fullmatch("".join(lines)):
        return MrzFault("characters")
    states = {zone.cut(lines, zone.ISSUER), zone.cut(lines, layout.nationality)}
    if _SPECIMEN_STATE in states and not specimens:
        return MrzFault("specimen")
    return _read_or_repair(layout, lines, today)


def read_second_line(
    line: str, primary: str, secondary: str, today: date, *, specimens: bool = False
) -> Mrz | MrzFault:
    """Read a passport's second line with a typed name: all but the name is then verified."""
    first = "P<".ljust(zone.TD3.line_length, FILLER)
    reading = read_mrz(f"{first}\n{line}", today, specimens=specimens)
    if isinstance(reading, MrzFault):
        return reading
    return structs.replace(reading, primary=mrz_name(primary), secondary=mrz_name(secondary))


def _find_lines(text: str) -> tuple[str, ...]:
    plain = strip_zero_width(unicodedata.normalize("NFKC", fold_digits(text)))
    plain = plain.translate(_ANGLES).upper()
    for fillers in (FILLER * 2, FILLER):
        lines = _split(plain.replace("\u00ab", fillers))
        if zone.find_layout(lines):
            return lines
    return ()


def _split(text: str) -> tuple[str, ...]:
    rows = [re.sub(r"\s", "", row) for row in re.split("[\n\r\u2028\u2029]+", text)]
    lines = tuple(filter(None, rows))
    length = _ONE_LINE.get(len(lines[0])) if len(lines) == 1 else None
    if length is None:
        return lines
    return tuple(lines[0][at : at + length] for at in range(0, len(lines[0]), length))


def _read_or_repair(layout: Layout, lines: tuple[str, ...], today: date) -> Mrz:
    """Repair one character where position and check digits both allow exactly one reading."""
    reading = _read(layout, lines, today)
    if "fail" not in reading.checks.values():
        return reading
    holding = [
        structs.replace(repaired, repair=repair)
        for repair in _repairs(layout, lines)
        if _holds(repaired := _read(layout, _with(lines, repair), today))
    ]
    return holding[0] if len(holding) == 1 else reading


def _holds(reading: Mrz) -> bool:
    return not any(name.endswith(("_check", "_date")) for name in reading.failing)


def _repairs(layout: Layout, lines: tuple[str, ...]) -> list[Repair]:
    """List every single letter that its position allows to be read as a digit.

    Never a digit as a letter: 1, 8, 5 and 2 differ from I, B, S and Z by the same amount modulo
    10, so that in a number one check digit would bless several such readings.
    """
    digits = [layout.birth, layout.birth_check, layout.expiry, layout.expiry_check]
    digits += [layout.number_check, layout.optional_check, layout.composite_check]
    # A visa's number rests on one check digit alone: too little to tell letters from digits.
    either = [layout.number, *layout.optional] if layout.composite else []
    spans = [span for span in (*digits, *either) if span]
    return [repair for span in spans for repair in _exchanges(lines, span)]


def _exchanges(lines: tuple[str, ...], span: Span) -> list[Repair]:
    signs = enumerate(zone.cut(lines, span), span.first)
    return [
        Repair(span.line, at, sign, _LOOK_ALIKE[sign]) for at, sign in signs if sign in _LOOK_ALIKE
    ]


def _with(lines: tuple[str, ...], repair: Repair) -> tuple[str, ...]:
    line = lines[repair.line - 1]
    repaired = line[: repair.position - 1] + repair.read + line[repair.position :]
    return (*lines[: repair.line - 1], repaired, *lines[repair.line :])


def _read(layout: Layout, lines: tuple[str, ...], today: date) -> Mrz:
    checks = zone.check_states(layout, lines)
    failed: list[CheckName] = [name for name, state in checks.items() if state == "fail"]
    name = zone.cut(lines, layout.name)
    primary, _, secondary = name.rstrip(FILLER).partition(FILLER * 2)
    sex = zone.cut(lines, layout.sex).replace(FILLER, "X")
    return Mrz(
        format=layout.format,
        document_code=zone.cut(lines, zone.DOCUMENT_CODE).rstrip(FILLER),
        issuer=zone.cut(lines, zone.ISSUER).rstrip(FILLER),
        number=zone.document_number(layout, lines)[0],
        nationality=zone.cut(lines, layout.nationality).rstrip(FILLER),
        primary=_plain(primary),
        secondary=_plain(secondary),
        name_truncated=not name.endswith(FILLER),
        born_on=_birth(zone.cut(lines, layout.birth), today),
        sex="M" if sex == "M" else "F" if sex == "F" else "X",
        expires_on=_expiry(zone.cut(lines, layout.expiry), today),
        checks=checks,
        failing=(*failed, *_odd_fields(layout, lines)),
    )


def _plain(name: str) -> str:
    return " ".join(name.replace(FILLER, " ").split())


def _odd_fields(layout: Layout, lines: tuple[str, ...]) -> list[FieldName]:
    """Name the fields that hold what cannot stand there; no check digit covers the first three."""
    letters: dict[FieldName, Span] = {
        "name": layout.name,
        "issuing_state": zone.ISSUER,
        "nationality": layout.nationality,
    }
    odd: list[FieldName] = [
        name for name, span in letters.items() if re.search("[0-9]", zone.cut(lines, span))
    ]
    if zone.cut(lines, layout.sex) not in "MFX<":
        odd.append("sex")
    if not _is_date(_known_part(zone.cut(lines, layout.birth))):
        odd.append("birth_date")
    expiry = zone.cut(lines, layout.expiry)
    if not _is_date(expiry if expiry.strip(FILLER) else ""):
        odd.append("expiry_date")
    return odd


def _is_date(known: str) -> bool:
    """Tell whether the digits are a date of some century; nothing known is nothing odd."""
    return not known or any(map(is_partial_date, _in_centuries(known, 1900, 2000)))


def _known_part(field: str) -> str:
    """Give `YYMMDD`, `YYMM` or `YY` of a birth date; unknown parts are fillers, or 00."""
    year, month, day = field[:2], field[2:4], field[4:]
    unknown = (FILLER * 2, "00")
    if month in unknown:
        return year.strip(FILLER)
    return year + month if day in unknown else field


def _in_centuries(known: str, *centuries: int) -> list[str]:
    """Write `YY`, `YYMM` or `YYMMDD` as a date of each century, whether it exists or not."""
    parts = "-".join(re.findall("..?", known))
    return [f"{century // 100}{parts}" for century in centuries]


def _birth(field: str, today: date) -> str | None:
    """Take the latest century that is not after today."""
    this = today.year // 100 * 100
    for born_on in _in_centuries(_known_part(field), this, this - 100):
        if is_partial_date(born_on) and earliest_day(born_on) <= today:
            return born_on
    return None


def _expiry(field: str, today: date) -> str | None:
    """Take the century within 20 years back and 30 ahead; outside of these none is assumed."""
    this = today.year // 100 * 100
    for expires_on in _in_centuries(field, this - 100, this, this + 100):
        if is_full_date(expires_on) and is_plausible_expiry(date.fromisoformat(expires_on), today):
            return expires_on
    return None
