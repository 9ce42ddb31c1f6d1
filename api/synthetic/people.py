"""Draws the people of the population, their papers and work; every date is relative to today."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
from random import Random

from msgspec import Struct

from api.stays.records import (
    Contract,
    Identity,
    StayContact,
    TravelDocument,
    Visa,
    Work,
    WorkPermit,
)
from api.synthetic.drawing import day_at, draw_id, draw_one
from api.synthetic.names import draw_name
from api.synthetic.papers import passport_number
from api.synthetic.records import StayBody, SyntheticPremises, SyntheticStay
from api.synthetic.shares import (
    CONTRACTS,
    ENTRY_METHODS,
    HOLDERS,
    MINOR_SHARE,
    MISSING,
    NO_PAPERS_SHARE,
    PERMITS,
    PROVINCE_STAYS,
    PROVINCE_WOMEN,
    VISAS,
    apportion,
)
from api.synthetic.tables import Nationality, kinds, nationalities

_DAYS_OF_STAY, _DAYS_OF_STAY_MAX, _EXEMPT_DAYS = 210, 3_000, 30
_ADULT, _OLDEST, _USUAL_AGE, _SPREAD_OF_AGE = 18, 78, 31, 8.5
_GUARDIAN_SHARE, _NATIVE_SHARE, _PHONE_SHARE = 0.9, 0.6, 0.3
_COMPANIES = 60
_VISITED = ("hotel", "guesthouse")
_TRAVELLERS = ("T", "exempt")


class Person(Struct, frozen=True):
    """One person being drawn: what all further draws depend on."""

    number: int
    nationality: Nationality
    sex: str
    age: int
    days_here: int
    home: SyntheticPremises
    today: date


def draw_stays(
    random: Random, count: int, premises: Sequence[SyntheticPremises], today: date, first_ms: int
) -> list[SyntheticStay]:
    """Draw the people of all premises with a list; nationalities and sexes add up exactly."""
    homes = [home for home in premises if home.declares == "list"]
    rooms = [home.body.rooms_count or 1 for home in homes]
    people = zip(
        _draw_nationalities(random, count),
        _draw_sexes(random, count),
        random.choices(homes, rooms, k=count),
        strict=True,
    )
    return [
        _draw_stay(random, _draw_person(random, number, person, today), first_ms + number)
        for number, person in enumerate(people)
    ]


def _draw_nationalities(random: Random, count: int) -> list[Nationality]:
    known = nationalities()
    counts = apportion(count, {code: row.count for code, row in known.items()})
    drawn = list(chain.from_iterable([known[code]] * number for code, number in counts.items()))
    random.shuffle(drawn)
    return drawn


def _draw_sexes(random: Random, count: int) -> list[str]:
    women = apportion(count, {"F": PROVINCE_WOMEN, "M": PROVINCE_STAYS - PROVINCE_WOMEN})
    drawn = ["F"] * women["F"] + ["M"] * women["M"]
    random.shuffle(drawn)
    return drawn


def _draw_person(
    random: Random, number: int, drawn: tuple[Nationality, str, SyntheticPremises], today: date
) -> Person:
    nationality, sex, home = drawn
    grown = min(_OLDEST, max(_ADULT, int(random.gauss(_USUAL_AGE, _SPREAD_OF_AGE))))
    return Person(
        number=number,
        nationality=nationality,
        sex=sex,
        age=random.randrange(1, _ADULT) if random.random() < MINOR_SHARE else grown,
        days_here=min(_DAYS_OF_STAY_MAX, int(random.expovariate(1 / _DAYS_OF_STAY))),
        home=home,
        today=today,
    )


def _draw_stay(random: Random, person: Person, made_at_ms: int) -> SyntheticStay:
    shows_papers = random.random() >= NO_PAPERS_SHARE
    return SyntheticStay(
        id=draw_id(random, made_at_ms),
        place=person.home.place,
        body=_draw_body(random, person, shows_papers=shows_papers),
        identity=_draw_identity(random, person),
        document=_draw_document(random, person) if shows_papers else None,
        contact=StayContact(phone=f"+855121{person.number:06}")
        if random.random() < _PHONE_SHARE
        else None,
    )


def _draw_body(random: Random, person: Person, *, shows_papers: bool) -> StayBody:
    visa = _draw_visa(random, person)
    role = _draw_role(random, person, visa)
    rooms = person.home.body.rooms_count or 1
    return StayBody(
        premises_id=person.home.id,
        nationality=person.nationality.code,
        sex=person.sex,
        role=role,
        unit=str(random.randint(1, rooms)),
        arrived_on=day_at(person.today, -person.days_here),
        document_holder=draw_one(random, HOLDERS),
        document_missing=None if shows_papers else draw_one(random, MISSING),
        visa=visa,
        work=_draw_work(random, person) if role in ("works", "both") else None,
        slip_language=person.nationality.slip_language,
        entry_method=draw_one(random, ENTRY_METHODS) if shows_papers else "manual",
    )


def _draw_visa(random: Random, person: Person) -> Visa:
    drawn = draw_one(random, VISAS)
    if drawn in ("none", "unknown"):
        return Visa(class_=drawn)
    if drawn == "T" and person.nationality.asean and person.days_here < _EXEMPT_DAYS:
        return Visa(class_="exempt", entered_on=day_at(person.today, -person.days_here))
    ahead = random.randint(-20, 30) if drawn == "T" else random.randint(-40, 360)
    return Visa(class_=drawn, expires_on=day_at(person.today, ahead))


def _draw_role(random: Random, person: Person, visa: Visa) -> str:
    if person.age < _ADULT:
        return "dependant"
    if random.random() < kinds()[person.home.body.kind].working:
        return random.choice(("works", "both"))
    if visa.class_ in _TRAVELLERS and person.home.body.kind in _VISITED:
        return "visitor"
    return "lives"


def _draw_work(random: Random, person: Person) -> Work:
    state = draw_one(random, PERMITS)
    return Work(
        employer=f"TEST DATA Company {random.randint(1, _COMPANIES)}",
        contract=Contract(written=draw_one(random, CONTRACTS)),
        permit=WorkPermit(state=state, year=person.today.year if state == "valid" else None),
    )


def _draw_identity(random: Random, person: Person) -> Identity:
    name = draw_name(random, person.nationality.origin, person.sex)
    guardian = person.age < _ADULT and random.random() < _GUARDIAN_SHARE
    return Identity(
        primary=name.primary,
        secondary=name.secondary,
        native=name.native or None if random.random() < _NATIVE_SHARE else None,
        born_on=day_at(person.today, -int(person.age * 365.25) - random.randint(0, 364)),
        guardian=f"{name.primary} (TEST DATA)" if guardian else None,
    )


def _draw_document(random: Random, person: Person) -> TravelDocument:
    return TravelDocument(
        kind="passport",
        number=passport_number(person.nationality.code, person.number),
        issuer=person.nationality.code,
        expires_on=day_at(person.today, random.randint(-120, 3_500)),
    )
