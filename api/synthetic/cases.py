"""The cases every demo needs, written into the population by hand; apart so each is found by name.

A case keeps nationality and sex of the person it is given to, so that the totals hold.
"""

from collections.abc import Callable
from datetime import date
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from api.stays.records import Contract, Departure, Visa, Work, WorkPermit
from api.synthetic.drawing import day_at
from api.synthetic.records import Case, SyntheticPremises, SyntheticStay

_CITY = "psh-c-sangkat-4"
_CHILD_DAYS = 8 * 365 + 40

Change = Callable[[SyntheticStay, date], SyntheticStay]
ChangePair = Callable[[SyntheticStay, SyntheticStay, date], tuple[SyntheticStay, SyntheticStay]]
Wanted = Callable[[SyntheticStay], bool]


class Seed(Struct, frozen=True):
    """What one of the first premises must be; None is left to the draw."""

    cases: tuple[Case, ...] = ()
    kind: str | None = None
    place: str | None = None
    declares: Literal["list", "nil", "nothing"] | None = None


# In this order; where all premises stand in one commune, the last has no case.
SEEDED = (
    Seed(("rental_house_24_rooms",), "rental_house", _CITY, "list"),
    Seed(("nil_declaration",), None, _CITY, "nil"),
    Seed(("claimed_by_two_owners",), None, _CITY, "list"),
    Seed(("claimed_by_two_owners",), None, _CITY, "list"),
    Seed(("operator_is_not_owner",), "hotel", _CITY, "list"),
    Seed(("overdue",), None, _CITY, "nothing"),
    Seed(("moved_commune",), None, "psh-c-ream", "list"),
)


def seed_premises(premises: list[SyntheticPremises]) -> list[SyntheticPremises]:
    """Give the first premises what their cases need."""
    house, nil, one, other, hotel, *rest = premises
    house = replace(house, body=replace(house.body, rooms_count=24))
    hotel = replace(hotel, body=replace(hotel.body, capacity="operator"))
    # Two entries of one building: the same name, place and size, told by two people.
    same = replace(
        other.body, names=one.body.names, pin=one.body.pin, rooms_count=one.body.rooms_count
    )
    return [house, nil, one, replace(other, body=same), hotel, *rest]


def seed_stays(
    stays: list[SyntheticStay], premises: list[SyntheticPremises], today: date
) -> list[SyntheticStay]:
    """Write every case into one person of the population, or two, best at premises of a case."""
    homes = {home.id for home in premises if home.cases}
    lists = [home for home in premises if home.declares == "list"]
    order = sorted(range(len(stays)), key=lambda at: stays[at].body.premises_id not in homes)
    seeded = {at: stays[at] for at in order}
    for case, change in _PAIRS:
        first, second = _find_pair(seeded)
        there = next(home for home in lists if home.id != seeded[first].body.premises_id)
        changed = change(seeded[first], _move(seeded[second], there), today)
        seeded[first], seeded[second] = (replace(stay, cases=(case,)) for stay in changed)
    for case, wanted, change in _SINGLE:
        at = _find(seeded, wanted)
        seeded[at] = replace(change(seeded[at], today), cases=(case,))
    return [seeded[at] for at in range(len(stays))]


def _find(stays: dict[int, SyntheticStay], wanted: Wanted) -> int:
    return next(at for at, stay in stays.items() if not stay.cases and wanted(stay))


def _find_pair(stays: dict[int, SyntheticStay]) -> tuple[int, int]:
    """Find two entries of the same nationality and sex, to be one person."""
    first = _find(stays, lambda stay: _is_ordinary(stay) and stay.document is not None)
    sex = stays[first].body.sex
    second = _find(
        {at: stay for at, stay in stays.items() if at != first},
        lambda stay: _is_ordinary(stay) and stay.body.sex == sex,
    )
    return first, second


def _move(stay: SyntheticStay, home: SyntheticPremises) -> SyntheticStay:
    body = replace(stay.body, premises_id=home.id, unit="1")
    return replace(stay, place=home.place, body=body)


def _is_ordinary(stay: SyntheticStay) -> bool:
    return stay.body.nationality == "CHN" and stay.body.role != "dependant"


def _twice(
    one: SyntheticStay, other: SyntheticStay, today: date
) -> tuple[SyntheticStay, SyntheticStay]:
    """The same person with the same passport stands on the lists of two premises now."""
    there = replace(other.body, arrived_on=day_at(today, -25), document_missing=None)
    here = replace(one.body, arrived_on=day_at(today, -90))
    both = replace(other, body=there, identity=one.identity, document=one.document)
    return replace(one, body=here), both


def _renewed(
    now: SyntheticStay, before: SyntheticStay, today: date
) -> tuple[SyntheticStay, SyntheticStay]:
    """The person left there with an old passport and came here with a new one."""
    moved_on = day_at(today, -30)
    here = replace(now.body, arrived_on=moved_on, previous_premises_id=before.body.premises_id)
    there = replace(before.body, arrived_on=day_at(today, -400), document_missing=None)
    old = now.document and replace(
        now.document, number=f"G{now.document.number[1:]}", expires_on=day_at(today, -35)
    )
    left = Departure(left_on=moved_on, reason="moved_in_province")
    return replace(now, body=here), replace(
        before, body=there, identity=now.identity, document=old, departure=left
    )


def _mononym(stay: SyntheticStay, _today: date) -> SyntheticStay:
    name = "SUHARTINI" if stay.body.sex == "F" else "WAHYUDI"
    return replace(stay, identity=replace(stay.identity, primary=name, secondary="", native=None))


def _no_papers(stay: SyntheticStay, _today: date) -> SyntheticStay:
    body = replace(
        stay.body, document_missing="none", document_holder="unknown", entry_method="manual"
    )
    return replace(stay, body=body, document=None)


def _held_by_employer(stay: SyntheticStay, _today: date) -> SyntheticStay:
    work = Work(
        employer="TEST DATA Company 1",
        contract=Contract(written="no"),
        permit=WorkPermit(state="unknown"),
    )
    return replace(
        stay, body=replace(stay.body, role="works", document_holder="employer", work=work)
    )


def _child(stay: SyntheticStay, today: date) -> SyntheticStay:
    guardian = f"{stay.identity.primary} (TEST DATA)"
    identity = replace(stay.identity, born_on=day_at(today, -_CHILD_DAYS), guardian=guardian)
    return replace(stay, body=replace(stay.body, role="dependant", work=None), identity=identity)


def _diplomat(stay: SyntheticStay, today: date) -> SyntheticStay:
    return _with_visa(stay, Visa(class_="A", expires_on=day_at(today, 500)))


def _visa_expired(stay: SyntheticStay, today: date) -> SyntheticStay:
    return _with_visa(stay, Visa(class_="EB", expires_on=day_at(today, -20)))


def _visa_free(stay: SyntheticStay, today: date) -> SyntheticStay:
    exempt = _with_visa(stay, Visa(class_="exempt", entered_on=day_at(today, -10)))
    return replace(exempt, body=replace(exempt.body, arrived_on=day_at(today, -9)))


def _with_visa(stay: SyntheticStay, visa: Visa) -> SyntheticStay:
    return replace(stay, body=replace(stay.body, visa=visa))


def _year_only(stay: SyntheticStay, _today: date) -> SyntheticStay:
    born_on = stay.identity.born_on[: len("1988")]
    return replace(stay, identity=replace(stay.identity, born_on=born_on))


def _as_drawn(stay: SyntheticStay, _today: date) -> SyntheticStay:
    return stay


def _from(nationality: str) -> Wanted:
    return lambda stay: stay.body.nationality == nationality


# What happens to the last three on the way (sent twice, returned and corrected, withdrawn) is
# played by whoever sends the population.
_SINGLE: tuple[tuple[Case, Wanted, Change], ...] = (
    ("mononym", _from("IDN"), _mononym),
    ("visa_free", _from("MYS"), _visa_free),
    ("no_papers", _is_ordinary, _no_papers),
    ("passport_held_by_employer", _from("VNM"), _held_by_employer),
    ("child_with_guardian", _is_ordinary, _child),
    ("diplomat", _is_ordinary, _diplomat),
    ("visa_expired", _is_ordinary, _visa_expired),
    ("birth_year_only", _from("VNM"), _year_only),
    ("sent_twice", _is_ordinary, _as_drawn),
    ("returned", _is_ordinary, _as_drawn),
    ("withdrawn", _is_ordinary, _as_drawn),
)
_PAIRS: tuple[tuple[Case, ChangePair], ...] = (
    ("in_two_premises", _twice),
    ("renewed_passport", _renewed),
)
