"""Telephone numbers in one form, however people in Cambodia write them; apart as a rule alone.

Twin: pwa/src/facts/phones.ts. Golden cases: tests/vectors/phones.json. The operator is never
inferred: numbers are ported. Hotlines such as 117 are settings, not telephone numbers of people.
"""

import re
import unicodedata

from api.facts.values import fold_digits, strip_zero_width

_SEPARATORS = re.compile(r"[\s().\-/\u00b7\u2010-\u2015\u2212]")
# Dialled before a country code; `00` first, or `00855…` would be read as `008` and Brazil.
_FOREIGN = re.compile(r"(?:\+|00)([1-9]\d{7,14})", re.ASCII)
# People keep the 0 of `096…` behind the country code.
_HOME = re.compile(r"(?:(?:\+855|00855|855)0?|0)([1-9]\d{7,8})", re.ASCII)
# Only these have numbers of nine national digits.
_LONG = frozenset({"12", "18", "31", "38", "71", "76", "88", "96", "97"})
_CAMBODIA, _NORTH_AMERICA = "855", "1"
_NATIONAL_DIGITS, _NORTH_AMERICAN_DIGITS = 8, 11


def normalise_phone(text: str) -> str | None:
    """Give the number as `+855…` or `+CC…`, or None when it is no telephone number."""
    plain = strip_zero_width(unicodedata.normalize("NFKC", fold_digits(text)))
    if plain.startswith(("+", "00")):
        plain = plain.replace("(0)", "")  # `+44 (0)20…`: the 0 is dialled at home alone
    plain = _SEPARATORS.sub("", plain)
    home = _HOME.fullmatch(plain)
    if home:
        return _cambodian(home[1])
    foreign = _FOREIGN.fullmatch(plain)
    return _foreign(foreign[1]) if foreign else None


def _cambodian(national: str) -> str | None:
    if len(national) > _NATIONAL_DIGITS and national[:2] not in _LONG:
        return None
    return f"+{_CAMBODIA}{national}"


def _foreign(digits: str) -> str | None:
    """Refuse what has a Cambodian code but no Cambodian length, and `001` dialled as a prefix."""
    if digits.startswith(_CAMBODIA):
        return None
    if digits.startswith(_NORTH_AMERICA) and len(digits) != _NORTH_AMERICAN_DIGITS:
        return None
    return f"+{digits}"
