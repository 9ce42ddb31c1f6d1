"""Draws the premises of the population and their owners; who lives there is drawn in people.py."""

from itertools import chain
from random import Random
from typing import Literal

from msgspec.structs import replace

from api.premises.records import Party, Pin, PremisesContact, PremisesNames
from api.synthetic.cases import SEEDED, Seed
from api.synthetic.drawing import draw_id, draw_one
from api.synthetic.names import draw_name
from api.synthetic.records import Owner, PremisesBody, SyntheticPremises
from api.synthetic.shares import (
    CAPACITIES,
    NIL_SHARE,
    OVERDUE_SHARE,
    OWNER_LANGUAGES,
    Extent,
    apportion,
)
from api.synthetic.tables import communes, kinds

_ORIGINS = {"zh": "chinese", "vi": "vietnamese"}
_ISLANDS = ("psh-c-kaoh-rung", "psh-c-kaoh-rung-sanloem")
_ZONE = "psh-c-bet-trang"
_NO_SIGNAL_ON_ISLANDS = 0.6
_OTHER_PEOPLE = 900_000
_SECOND_PREMISES = 0.12
_VILLAGES = 6
_FACTORIES_IN_THE_ZONE = 0.8
# About 1.5 km around the point of a commune.
_SPREAD_DEGREES = 0.014


def draw_premises(random: Random, extent: Extent, first_ms: int) -> list[SyntheticPremises]:
    """Draw all premises; the first few are those of the cases, each with an owner of its own."""
    owner = 0
    drawn: list[SyntheticPremises] = []
    for number, kind in enumerate(_draw_kinds(random, extent.premises)):
        case = SEEDED[number] if number < len(SEEDED) else Seed()
        place = extent.place or case.place or _draw_place(random, kind)
        drawn.append(
            SyntheticPremises(
                id=draw_id(random, first_ms + number),
                place=place,
                owner=owner,
                body=_draw_body(random, number + 1, kind, place),
                contact=PremisesContact(),
                declares=case.declares or _draw_declares(random),
                signal=_draw_signal(random, place),
                cases=case.cases if case.place in (None, place) else (),
            )
        )
        owner += number < len(SEEDED) or random.random() >= _SECOND_PREMISES
    return drawn


def _draw_kinds(random: Random, count: int) -> list[str]:
    """Draw the kinds in any order, but let the cases have theirs."""
    counts = apportion(count, {name: kind.count for name, kind in kinds().items()})
    for seed in SEEDED:
        if seed.kind:
            counts[seed.kind] -= 1
    drawn = list(chain.from_iterable([name] * number for name, number in counts.items()))
    random.shuffle(drawn)
    for number, seed in enumerate(SEEDED):
        if seed.kind:
            drawn.insert(number, seed.kind)
    return drawn


def draw_owner(random: Random, number: int) -> Owner:
    """Draw a person who declares; the telephone number belongs to nobody (012 0…)."""
    language = draw_one(random, OWNER_LANGUAGES)
    name = draw_name(random, _ORIGINS.get(language, "khmer"), random.choice("MF"))
    return Owner(
        number=number,
        name=f"{name.primary} {name.secondary} (TEST DATA)",
        native_name=name.native,
        phone=f"+855120{number:06}",
        language=language,
    )


def with_parties(random: Random, premises: SyntheticPremises, owner: Owner) -> SyntheticPremises:
    """Name who declares in the role declared, and an owner besides where that is not the owner."""
    declaring = _party(owner)
    other = _party(draw_owner(random, _OTHER_PEOPLE + owner.number))
    contact = {
        "owner": PremisesContact(owner=declaring),
        "manager": PremisesContact(owner=other, manager=declaring),
        "operator": PremisesContact(owner=other, operator=declaring),
    }
    return replace(premises, contact=contact[premises.body.capacity])


def _party(owner: Owner) -> Party:
    return Party(
        name=owner.name,
        native_name=owner.native_name,
        phone=owner.phone,
        language=owner.language,
    )


def _draw_place(random: Random, kind: str) -> str:
    if kind == "factory" and random.random() < _FACTORIES_IN_THE_ZONE:
        return _ZONE
    return draw_one(random, {place: commune.share for place, commune in communes().items()})


def _draw_body(random: Random, number: int, kind: str, place: str) -> PremisesBody:
    known, commune = kinds()[kind], communes()[place]
    # Most are small and a few are very large.
    rooms = known.rooms_min + int((known.rooms_max - known.rooms_min) * random.random() ** 2.2)
    return PremisesBody(
        names=PremisesNames(
            km=f"{known.km} {number} (ទិន្នន័យសាកល្បង)",
            latin=f"TEST DATA {known.en} {number}",
            zh=f"测试数据 {known.zh} {number}",
        ),
        kind=kind,
        village=f"Village {random.randint(1, _VILLAGES)}",
        landmark=f"TEST DATA landmark {random.randint(1, 40)}",
        pin=Pin(
            lat=round(commune.lat + random.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES), 5),
            lon=round(commune.lon + random.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES), 5),
            accuracy_m=float(random.randint(4, 60)),
        ),
        rooms_count=rooms,
        capacity=draw_one(random, CAPACITIES),
    )


def _draw_declares(random: Random) -> Literal["list", "nil", "nothing"]:
    drawn = random.random()
    if drawn < OVERDUE_SHARE:
        return "nothing"
    return "nil" if drawn < OVERDUE_SHARE + NIL_SHARE else "list"


def _draw_signal(random: Random, place: str) -> Literal["good", "weak", "none"]:
    if place in _ISLANDS and random.random() < _NO_SIGNAL_ON_ISLANDS:
        return "none"
    return random.choices(("good", "weak", "none"), (70, 22, 8))[0]
