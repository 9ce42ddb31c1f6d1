"""What a piece of text may hold and how two texts are compared; apart so every field agrees.

Twin: pwa/src/facts/values.ts. Golden cases: tests/vectors/values.json.
"""

import re
import unicodedata
from typing import Literal

TextFault = Literal["control", "bidi"]

# Embeddings, overrides and isolates turn the order of what is read on screen around.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")

# Controls, half surrogate pairs, line separators, annotation marks, tag characters, noncharacters:
# invisible, and every one has broken a parser, a printer or a log somewhere.
_CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    "\U000e0000-\U000e007f]"
)

# Zero-width spaces and joiners, every direction mark, soft hyphens, inherent vowels, selectors.
_ZERO_WIDTH = re.compile(
    "[\u00ad\u034f\u061c\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufe00-\ufe0f\ufeff]"
)

NUMBER_LENGTH_MIN = 4

_NEITHER = re.compile("[^A-Z0-9]+")

# As JavaScript trims: a byte order mark counts as space.
_EDGES = re.compile(r"\A[\s\ufeff]+|[\s\ufeff]+\Z")

_DIGITS = str.maketrans("០១២៣៤៥៦៧៨៩０１２３４５６７８９", "01234567890123456789")


def find_text_fault(text: str, *, lines: bool = False) -> TextFault | None:
    """Say what makes this text unfit for the register; `lines` allows line feeds (remarks)."""
    if _BIDI.search(text):
        return "bidi"
    if _CONTROL.search(text) or ("\n" in text and not lines):
        return "control"
    return None


def is_nfc(text: str) -> bool:
    """Tell whether the text is in the one normal form the register stores."""
    return unicodedata.is_normalized("NFC", text)


def normalise_text(text: str) -> str:
    """Bring typed text into the form that is stored: NFC, no space around it."""
    return _EDGES.sub("", unicodedata.normalize("NFC", text))


def strip_zero_width(text: str) -> str:
    """Drop what has no width; Khmer texts carry such spaces between words, or do not."""
    return _ZERO_WIDTH.sub("", text)


def fold_digits(text: str) -> str:
    """Write Khmer and full-width digits as 0-9; nothing else changes."""
    return text.translate(_DIGITS)


def comparable(text: str) -> str:
    """Give the form in which two texts are compared: what looks the same is the same."""
    folded = fold_digits(strip_zero_width(unicodedata.normalize("NFKC", text))).lower()
    return " ".join(folded.split())


def normalise_document_number(text: str) -> str:
    """Give the form in which numbers of documents are compared: capitals and digits alone.

    Letters of any script stay, because old papers carry them; separators and marks go.
    """
    if text.isascii():
        return _NEITHER.sub("", text.upper())
    upper = fold_digits(unicodedata.normalize("NFKC", text)).upper()
    return "".join(sign for sign in upper if unicodedata.category(sign)[0] in "LN")


def names_a_document(number: str) -> bool:
    """Say whether a compared number can be that of one document.

    "unknown", "none" or "0000" stand in its place for many people, who are not one for that.
    """
    has_digit = any(sign.isdigit() for sign in number)
    return has_digit and len(number) >= NUMBER_LENGTH_MIN and len(set(number)) > 1
