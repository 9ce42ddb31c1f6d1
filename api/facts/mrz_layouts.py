"""Where each field of a machine-readable zone stands (ICAO Doc 9303, parts 4-7), and its checks.

Apart from mrz.py so that a reader can hold this table beside the standard.
Twin: pwa/src/facts/mrz_layouts.ts.
"""

from typing import Literal

from msgspec import Struct

CheckName = Literal[
    "document_number_check", "birth_check", "expiry_check", "optional_check", "composite_check"
]
CheckState = Literal["ok", "fail", "none"]

FILLER = "<"


class Span(Struct, frozen=True):
    """Characters `first` to `last` of a line, all counted from 1 as in the standard."""

    line: int
    first: int
    last: int


class Layout(Struct, frozen=True):
    """One format: how many lines of what length, and where the fields stand."""

    format: Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]
    line_count: int
    line_length: int
    name: Span
    number: Span
    number_check: Span
    nationality: Span
    birth: Span
    birth_check: Span
    sex: Span
    expiry: Span
    expiry_check: Span
    optional: tuple[Span, ...]
    optional_check: Span | None = None
    composite: tuple[Span, ...] = ()
    composite_check: Span | None = None


DOCUMENT_CODE, ISSUER = Span(1, 1, 2), Span(1, 3, 5)

# The second line of all but TD1 begins alike.
_NUMBER, _NUMBER_CHECK, _NATIONALITY = Span(2, 1, 9), Span(2, 10, 10), Span(2, 11, 13)
_BIRTH, _BIRTH_CHECK, _SEX = Span(2, 14, 19), Span(2, 20, 20), Span(2, 21, 21)
_EXPIRY, _EXPIRY_CHECK = Span(2, 22, 27), Span(2, 28, 28)

TD1 = Layout(
    format="TD1",
    line_count=3,
    line_length=30,
    name=Span(3, 1, 30),
    number=Span(1, 6, 14),
    number_check=Span(1, 15, 15),
    nationality=Span(2, 16, 18),
    birth=Span(2, 1, 6),
    birth_check=Span(2, 7, 7),
    sex=Span(2, 8, 8),
    expiry=Span(2, 9, 14),
    expiry_check=Span(2, 15, 15),
    optional=(Span(1, 16, 30), Span(2, 19, 29)),
    composite=(Span(1, 6, 30), Span(2, 1, 7), Span(2, 9, 15), Span(2, 19, 29)),
    composite_check=Span(2, 30, 30),
)


def _two_lines(
    name: Literal["TD2", "TD3", "MRV-A", "MRV-B"], length: int, optional_last: int
) -> Layout:
    return Layout(
        format=name,
        line_count=2,
        line_length=length,
        name=Span(1, 6, length),
        number=_NUMBER,
        number_check=_NUMBER_CHECK,
        nationality=_NATIONALITY,
        birth=_BIRTH,
        birth_check=_BIRTH_CHECK,
        sex=_SEX,
        expiry=_EXPIRY,
        expiry_check=_EXPIRY_CHECK,
        optional=(Span(2, 29, optional_last),),
        optional_check=Span(2, 43, 43) if name == "TD3" else None,
        composite=_composite(length) if name in ("TD2", "TD3") else (),
        composite_check=Span(2, length, length) if name in ("TD2", "TD3") else None,
    )


def _composite(length: int) -> tuple[Span, ...]:
    return (Span(2, 1, 10), Span(2, 14, 20), Span(2, 22, length - 1))


TD2, TD3 = _two_lines("TD2", 36, 35), _two_lines("TD3", 44, 42)
MRV_A, MRV_B = _two_lines("MRV-A", 44, 44), _two_lines("MRV-B", 36, 36)


def find_layout(lines: tuple[str, ...]) -> Layout | None:
    """Find the format by number and length of lines; the letter V makes it a visa."""
    candidates = (MRV_A, MRV_B) if lines and lines[0].startswith("V") else (TD3, TD2, TD1)
    for layout in candidates:
        if len(lines) == layout.line_count and {*map(len, lines)} == {layout.line_length}:
            return layout
    return None


def cut(lines: tuple[str, ...], *spans: Span) -> str:
    """Cut out what stands in the spans."""
    return "".join(lines[span.line - 1][span.first - 1 : span.last] for span in spans)


def check_digit(text: str) -> str:
    """Compute the digit: weights 7-3-1, A is 10, a filler is 0, modulo 10."""
    weights = (7, 3, 1)
    return str(sum(_value(sign) * weights[at % 3] for at, sign in enumerate(text)) % 10)


def _value(sign: str) -> int:
    return 0 if sign == FILLER else int(sign, 36)


def document_number(layout: Layout, lines: tuple[str, ...]) -> tuple[str, CheckState]:
    """Read the number and check it; one longer than nine characters goes on in the optional field.

    Then a filler stands for the check digit, and the digit follows the rest of the number. Whether
    that filler counts differs between issuers, so either sum holds.
    """
    number, digit = cut(lines, layout.number), cut(lines, layout.number_check)
    rest, _, _ = cut(lines, layout.optional[0]).partition(FILLER)
    if digit == FILLER and rest and layout.format in ("TD1", "TD2"):
        tail, digit = rest[:-1], rest[-1]
        sums = {check_digit(number + tail), check_digit(number + FILLER + tail)}
        return (number + tail).rstrip(FILLER), "ok" if digit in sums else "fail"
    return number.rstrip(FILLER), _state(lines, layout.number_check, layout.number)


def check_states(layout: Layout, lines: tuple[str, ...]) -> dict[CheckName, CheckState]:
    """Tell of each check digit whether it holds; "none" where the format has no such digit."""
    return {
        "document_number_check": document_number(layout, lines)[1],
        "birth_check": _state(lines, layout.birth_check, layout.birth),
        "expiry_check": _state(lines, layout.expiry_check, layout.expiry),
        "optional_check": _state(lines, layout.optional_check, *layout.optional),
        "composite_check": _state(lines, layout.composite_check, *layout.composite),
    }


def _state(lines: tuple[str, ...], digit: Span | None, *spans: Span) -> CheckState:
    """Check one digit; an empty field may carry a filler for it."""
    if digit is None:
        return "none"
    field, printed = cut(lines, *spans), cut(lines, digit)
    empty = not field.strip(FILLER)
    return "ok" if printed == check_digit(field) or (empty and printed == FILLER) else "fail"
