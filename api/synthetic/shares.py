"""How large the populations are and what share of people has what; apart to be argued with.

REPORTED: 31,258 foreigners, 7,841 of them women. Everything else is ASSUMED. Complaints (402 for
976 people) are not made here: they belong to the protection desk's register.
"""

from typing import Literal

from msgspec import Struct

from api.ledger.values import Known, Language
from api.stays.records import DocumentHolder, EntryMethod, VisaClass

Size = Literal["tiny", "commune", "province", "stress"]

PROVINCE_STAYS, PROVINCE_WOMEN = 31_258, 7_841


class Extent(Struct, frozen=True):
    """How large a population is, and the commune where it stands if that is one."""

    premises: int
    stays: int
    place: str | None = None


EXTENTS: dict[Size, Extent] = {
    "tiny": Extent(6, 40, "psh-c-sangkat-4"),
    "commune": Extent(120, 2_500, "psh-c-sangkat-4"),
    "province": Extent(1_480, PROVINCE_STAYS),
    "stress": Extent(3 * 1_480, 3 * PROVINCE_STAYS),
}

OVERDUE_SHARE, NIL_SHARE = 0.08, 0.04
MINOR_SHARE, NO_PAPERS_SHARE = 0.015, 0.03

OWNER_LANGUAGES: dict[Language, float] = {"km": 62, "zh": 31, "vi": 4, "en": 3}
CAPACITIES = {"owner": 70, "manager": 20, "operator": 10}
VISAS: dict[VisaClass, float] = {
    "EB": 40,
    "E": 15,
    "EG": 8,
    "ES": 4,
    "ER": 3,
    "T": 18,
    "K": 1,
    "none": 4,
    "unknown": 7,
}
HOLDERS: dict[DocumentHolder, float] = {
    "person": 88,
    "employer": 4,
    "owner": 2,
    "manager": 1,
    "agent": 1,
    "authority": 1,
    "unknown": 3,
}
MISSING = {"absent": 5, "at_authority": 2, "held_by_other": 5, "lost": 1, "none": 2, "refused": 2}
CONTRACTS: dict[Known, float] = {"yes": 62, "no": 20, "unknown": 18}
PERMITS: dict[Literal["none", "applied", "valid", "expired", "unknown"], float] = {
    "valid": 45,
    "applied": 10,
    "none": 25,
    "expired": 5,
    "unknown": 15,
}
ENTRY_METHODS: dict[EntryMethod, float] = {"mrz_scan": 7, "mrz_typed": 2, "manual": 1}


def apportion(total: int, shares: dict[str, int]) -> dict[str, int]:
    """Split a total by shares into whole numbers that add up to it (largest remainder)."""
    whole = sum(shares.values())
    exact = {name: total * share / whole for name, share in shares.items()}
    counts = {name: int(value) for name, value in exact.items()}
    rest = sorted(shares, key=lambda name: counts[name] - exact[name])
    for name in rest[: total - sum(counts.values())]:
        counts[name] += 1
    return counts
