"""How names are folded for search; apart so register and phone find the same person.

Twin: pwa/src/facts/names.ts. Golden cases: tests/vectors/names.json. Folding finds, it never
decides: nobody is taken for another on a name alone.
"""

import re
import unicodedata
from itertools import chain

from msgspec import Struct

from api.facts.khmer import fold_khmer
from api.facts.values import fold_digits, strip_zero_width

_ACCENTS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['`\u00b4\u02b9-\u02bf\u2018\u2019\uff07]")
# NFD takes marks off letters, but these are letters of their own (Đặng is DANG).
_LETTERS = str.maketrans(
    {"Đ": "D", "Ð": "D", "Ł": "L", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ħ": "H", "ẞ": "SS"}
)
# ICAO permits several spellings of these, so both are kept and either finds the other.
_TWO_WAYS = {"Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA", "Ø": "OE"}
_PLAIN_O = str.maketrans({"Ø": "O"})
# The Chinese sound ü is printed YU, V or U by year of issue: LYU, LV and LU are one name.
_CHINESE_U = re.compile(r"([LN])(?:YU|V$|V(?=E$))")
# Shorter pieces stand inside too many Latin names; one Chinese sign may be a whole name.
_PIECE_LENGTH = 3
_PLAIN_WORD = re.compile("[A-Z0-9]+")
_PLAIN_APOSTROPHES = str.maketrans("", "", "'`")


class NameKey(Struct, frozen=True):
    """What a name is searched by: its words in no order, and all of it in one piece."""

    tokens: frozenset[str]
    joined: str


def name_key(*parts: str) -> NameKey:
    """Fold the parts of one name (primary and secondary, or native) to a key."""
    spelled = [_spellings(word) for part in parts if part for word in _words(part)]
    return NameKey(frozenset(chain(*spelled)), "".join([ways[0] for ways in spelled]))


def name_matches(query: str, key: NameKey) -> bool:
    """Tell whether each word asked for begins one of the name, or all stand in it in one piece."""
    words = _words(query)
    if not words:
        return False
    joined = "".join(_spellings(word)[0] for word in words)
    if joined in key.joined and (len(joined) >= _PIECE_LENGTH or not joined.isascii()):
        return True
    return all(_begins(word, key) for word in words)


def _begins(word: str, key: NameKey) -> bool:
    return any(token.startswith(spelling) for spelling in _spellings(word) for token in key.tokens)


def _words(text: str) -> list[str]:
    """Split a name into words in capitals; marks of Latin letters still stand."""
    if text.isascii():  # as in the machine-readable zone: nothing of the below changes it
        return _PLAIN_WORD.findall(text.upper().translate(_PLAIN_APOSTROPHES))
    plain = fold_khmer(fold_digits(strip_zero_width(unicodedata.normalize("NFKC", text))))
    upper = _APOSTROPHES.sub("", plain.upper()).translate(_LETTERS)
    composed = unicodedata.normalize("NFC", upper)
    return "".join(sign if _is_word(sign) else " " for sign in composed).split()


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMN"


def _spellings(word: str) -> tuple[str, ...]:
    """Give the word without marks, then as ICAO spells it where that differs."""
    if word.isascii():
        return (_as_lu(word),)
    plain = _as_lu(_without_marks(word))
    spelled = "".join(_TWO_WAYS.get(sign, sign) for sign in word)
    return (plain,) if spelled == word else (plain, _as_lu(_without_marks(spelled)))


def _as_lu(word: str) -> str:
    return _CHINESE_U.sub(r"\1U", word) if "V" in word or "YU" in word else word


def _without_marks(word: str) -> str:
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word.translate(_PLAIN_O)))
    return unicodedata.normalize("NFC", bare)


def mrz_name(text: str) -> str:
    """Write a typed Latin name as a passport's machine-readable zone does, with spaces for fillers.

    Only A to Z remain; where ICAO permits several spellings the one without marks is taken.
    """
    plain = " ".join(_without_marks(word) for word in _words(text))
    return " ".join(re.sub("[^A-Z ]", "", plain).split())
