"""Draws names of people who do not exist, as ordinary as those of people who do: TEST DATA."""

from random import Random

from msgspec import Struct

from api.synthetic.tables import Name, names

# Of an origin that has both, so many have one name field.
_WHOLE_SHARE = 0.15
_NO_SPACE = "chinese"


class DrawnName(Struct, frozen=True):
    """One name as in a passport, and as its bearer writes it (empty where that is the same)."""

    primary: str
    secondary: str
    native: str


def draw_name(random: Random, origin: str, sex: str) -> DrawnName:
    """Draw a name of an origin; a name in one field has no secondary part."""
    who = "woman" if sex == "F" else "man"
    families, whole = names().get((origin, "family")), names().get((origin, f"whole_{who}"))
    if whole and (not families or random.random() < _WHOLE_SHARE):
        return DrawnName(random.choice(whole).latin, "", "")
    if not families:
        raise LookupError(origin)
    return _join(origin, random.choice(families), random.choice(names()[origin, f"given_{who}"]))


def _join(origin: str, family: Name, given: Name) -> DrawnName:
    space = "" if origin == _NO_SPACE else " "
    native = space.join(filter(None, (family.native, given.native)))
    return DrawnName(family.latin, given.latin, native)
