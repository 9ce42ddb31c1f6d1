"""How close two words of a name are: by rapidfuzz where it is installed, else by their beginnings.

The one place that knows of the extra `[names]`. Closeness finds and sorts, it never decides.
"""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Final

CLOSE: Final = 82.0
_WHOLE: Final = 100.0

if find_spec("rapidfuzz") is not None:
    from rapidfuzz.fuzz import ratio, token_sort_ratio

    def word_closeness(word: str, token: str) -> float:
        """Return how alike two folded words are, from 0 to 100."""
        return ratio(word, token)

    def name_closeness(words: Iterable[str], tokens: Iterable[str]) -> float:
        """Return how alike two names are, their words in any order, from 0 to 100."""
        return token_sort_ratio(" ".join(words), " ".join(tokens))

else:

    def word_closeness(word: str, token: str) -> float:
        """Return 100 for the same word and 0 for any other."""
        return _WHOLE * (word == token)

    def name_closeness(words: Iterable[str], tokens: Iterable[str]) -> float:
        """Return the share of words that two names have in common, from 0 to 100."""
        one, other = set(words), set(tokens)
        return _WHOLE * len(one & other) / max(len(one | other), 1)
