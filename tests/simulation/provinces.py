"""The two registers of a history: where each is, and what its log and its communes are called."""

from typing import Final

from msgspec import Struct

from tests.makers import LOG, SANGKAT_1, SANGKAT_4
from tests.sync.way import URL


class Province(Struct, frozen=True):
    """A register; in the first of its communes the officer and the programs work."""

    number: int
    log: str
    url: str
    communes: tuple[str, str]


HOME: Final = Province(0, LOG, URL, (SANGKAT_4, SANGKAT_1))
#: The gazetteer of this version holds one province: a district of it keeps a log of its own here.
FAR: Final = Province(
    1, "psh-d-prey-nob", "http://far.example", ("psh-c-andoung-thma", "psh-c-cheung-kou")
)
PROVINCES: Final = (HOME, FAR)
