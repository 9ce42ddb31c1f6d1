"""Invented passports: numbers in the shape of each country, and the zone such a page would show.

Apart because only demos of typing and scanning need the zones; nothing of them is declared.
"""

from api.facts.mrz_layouts import FILLER, check_digit
from api.synthetic.records import SyntheticStay

# Letters and digits before the running digits, and how many of these follow.
_SHAPES: dict[str, tuple[str, int]] = {
    "CHN": ("E", 8),
    "VNM": ("C", 7),
    "THA": ("AA", 7),
    "MYS": ("A", 8),
    "IDN": ("X", 7),
    "PHL": ("P", 8),
    "TWN": ("3", 8),
    "D": ("C", 8),
}
_OTHER_SHAPE = ("N", 8)
# Prime to every power of ten: running numbers look drawn and stay different.
_SPREAD, _START = 7_919_993, 1_234_567
_DOCUMENT_CODES = {"CHN": "PO", "MMR": "PV"}
_NAME_LENGTH = 39


def passport_number(nationality: str, running: int) -> str:
    """Give the number of the running passport of this population; no two are the same."""
    prefix, digits = _SHAPES.get(nationality, _OTHER_SHAPE)
    return f"{prefix}{(running * _SPREAD + _START) % 10**digits:0{digits}}"


def passport_zone(stay: SyntheticStay) -> tuple[str, str] | None:
    """Write the two lines of the passport that was shown, or None where none was."""
    document, identity = stay.document, stay.identity
    if document is None or document.expires_on is None:
        return None
    issuer, nationality = document.issuer.ljust(3, FILLER), stay.body.nationality.ljust(3, FILLER)
    code = _DOCUMENT_CODES.get(document.issuer, "P").ljust(2, FILLER)
    names = "<<".join(filter(None, (identity.primary, identity.secondary))).replace(" ", FILLER)
    first = f"{code}{issuer}{names[:_NAME_LENGTH]:{FILLER}<{_NAME_LENGTH}}"
    number = _checked(document.number.ljust(9, FILLER))
    birth, expiry = _checked(_printed(identity.born_on)), _checked(_printed(document.expires_on))
    sex = stay.body.sex.replace("X", FILLER)
    optional = FILLER * 14 + "0"
    second = f"{number}{nationality}{birth}{sex}{expiry}{optional}"
    return first, second + check_digit(f"{number}{birth}{expiry}{optional}")


def _printed(day: str) -> str:
    """Print a date as YYMMDD, what is unknown of it as fillers."""
    return day.replace("-", "")[2:].ljust(6, FILLER)


def _checked(field: str) -> str:
    return field + check_digit(field)
