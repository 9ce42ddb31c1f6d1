"""One spelling for Khmer texts that read the same; apart because NFC does not unify them.

Twin: pwa/src/facts/khmer.ts. Golden cases: tests/vectors/names.json, group `khmer`.
"""

import re

_COENG, _RO = "\u17d2", "\u179a"
_CLUSTER = re.compile("([\u1780-\u17b3])((?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17d3\u17dd])+)")
_PIECE = re.compile("\u17d2.|.")

# Deprecated letters, the two subscripts that look alike, vowels typed in two strokes, and the mark
# that is written or left out (ប័ណ្ណ, បណ្ណ).
_SAME = (
    ("\u17a3", "\u17a2"),
    ("\u17a4", "\u17a2\u17b6"),
    ("\u17d2\u178a", "\u17d2\u178f"),
    ("\u17d0", ""),
)
_TWO_STROKES = (("\u17c1\u17b8", "\u17be"), ("\u17c1\u17b6", "\u17c4"))
# Words with several accepted spellings; the first of each is the one kept.
_WORDS = (
    ("ឱ្យ", "ឲ្យ"),
    ("ឱ្យ", "អោយ"),
    ("អ៊ីនធឺណិត", "អ៊ីនធឺណេត"),
)


def fold_khmer(text: str) -> str:
    """Give the one form of a Khmer text; other scripts pass unchanged."""
    for old, new in _SAME:
        text = text.replace(old, new)
    text = _CLUSTER.sub(_in_order, text)
    for old, new in _TWO_STROKES:
        text = text.replace(old, new)
    for kept, variant in _WORDS:
        text = text.replace(variant, kept)
    return text


def _in_order(match: re.Match[str]) -> str:
    """Order what follows a letter: subscripts (ro last), registers, vowels, signs."""
    return match[1] + "".join(sorted(_PIECE.findall(match[2]), key=_rank))


def _rank(piece: str) -> int:
    if piece[0] == _COENG:
        return 1 if piece[1] == _RO else 0
    if piece in "\u17c9\u17ca\u17cc":
        return 2
    return 3 if "\u17b6" <= piece <= "\u17c5" else 4
