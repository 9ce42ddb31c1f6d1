"""What happened in the twelve days before: who declared when, and what the officers said of it.

Most happens by chance, the same for a seed; a few things happen in every demonstration, to people
of the first owners: an entry comes back, is answered twice, is entered again, is withdrawn.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from api.demonstration.calendar import DAY_MS, HOUR_MS, day_in_cambodia
from api.demonstration.households import Duty, Household, to_wire
from api.demonstration.phones import Phone, Signed
from api.synthetic.records import SyntheticStay

_VERIFIED_SHARE: Final = 0.85
_PREMISES_OF_UNVERIFIED_MAX: Final = 3
_VERDICTS: Final = {"accept": 70, "return": 3, "refer": 1, "none": 26}
_LEFT_SHARE: Final = 0.03
_TELLING_DAYS: Final = 10
_MINUTE_MS: Final = 60_000
_SPECIAL: Final = ("returned", "conflict", "entered_twice", "departed")


class Event(Struct, frozen=True):
    """Something that happens at an instant; the documents are signed when it is reached."""

    at_ms: int
    sign: Callable[[int], Sequence[Signed]]


class Teller:
    """Tells the story of one household after the other; `now_ms` is when it ends."""

    def __init__(self, officers: Mapping[str, Phone], duty: Duty, seed: int, now_ms: int) -> None:
        """Know who judges, what is to be answered, and when the story ends."""
        self._officers = officers
        self._duty = duty
        self._random = Random(f"story {seed}")
        self._now_ms = now_ms
        self._special = list(_SPECIAL)
        self._stranger = -1

    def tell(self, households: Sequence[Household]) -> list[Event]:
        """Return everything that happens until now, in order; the last owner stays unverified."""
        self._stranger = households[-1].owner.number
        told = (event for household in households for event in self._tell_one(household))
        return sorted(
            (event for event in told if event.at_ms <= self._now_ms), key=lambda event: event.at_ms
        )

    def _tell_one(self, household: Household) -> Iterator[Event]:
        at_ms = self._draw_arrival(household)
        yield Event(at_ms, household.register)
        if self._is_verified(household):
            yield Event(at_ms + _MINUTE_MS, lambda ms: [self._verify(household, ms)])
        yield Event(at_ms + 2 * _MINUTE_MS, household.declare_premises)
        yield Event(at_ms + 30 * _MINUTE_MS, household.declare_people)
        yield Event(at_ms + HOUR_MS, lambda ms: household.answer(self._duty, ms))
        fates = {stay.id: self._draw_fate(stay) for stay in household.stays}
        for stay in household.stays:
            yield from self._tell_fate(household, stay, fates[stay.id], at_ms + 3 * HOUR_MS)
        yield Event(
            at_ms + self._random.randint(6, 30) * HOUR_MS,
            lambda ms: self._review(household, fates, ms),
        )

    def _draw_arrival(self, household: Household) -> int:
        """Return when the phone first sends: the nearer the deadline, the more of them."""
        is_early = any(home.cases for home in household.homes)
        drawn = self._random.random()
        share = 0.6 + 0.37 * drawn if is_early else drawn**2
        return self._now_ms - HOUR_MS - round(share * _TELLING_DAYS * DAY_MS)

    def _is_verified(self, household: Household) -> bool:
        if household.owner.number == self._stranger:
            return False
        must_be = len(household.homes) > _PREMISES_OF_UNVERIFIED_MAX
        is_known = must_be or any(home.cases for home in household.homes)
        return is_known or self._random.random() < _VERIFIED_SHARE

    def _verify(self, household: Household, ms: int) -> Signed:
        account = household.phone.account_id
        officer = self._officers[household.place]
        body = {"account_id": str(account)}
        return officer.sign("verification", body, ms, place=household.place, after=[account])

    def _draw_fate(self, stay: SyntheticStay) -> str:
        """Return what becomes of an entry; people of the first owners get the special fates."""
        if stay.departure is not None:
            return "departed"
        if stay.cases:
            return next(
                (case for case in stay.cases if case in ("returned", "withdrawn")), "accept"
            )
        if self._special and stay.document is not None:
            return self._special.pop(0)
        if self._random.random() < _LEFT_SHARE:
            return "departed"
        return self._random.choices(list(_VERDICTS), list(_VERDICTS.values()))[0]

    def _tell_fate(
        self, household: Household, stay: SyntheticStay, fate: str, at_ms: int
    ) -> Iterator[Event]:
        phone, place = household.phone, stay.place
        match fate:
            case "departed":
                left = self._departure(stay)
                yield Event(at_ms, lambda ms: [phone.act("departure", stay.id, left, ms, place)])
            case "withdrawn":
                why = {"reason": "entered_by_mistake"}
                yield Event(at_ms, lambda ms: [phone.act("withdrawal", stay.id, why, ms, place)])
            case "conflict":
                yield Event(at_ms, lambda ms: _answer_twice(phone, stay, ms))
            case "entered_twice":
                yield Event(at_ms, lambda ms: [household.enter_twice(stay, ms)])
            case "returned" if stay.cases:
                patch = {"unit": "2"}
                yield Event(
                    at_ms + 2 * DAY_MS,
                    lambda ms: [phone.correct(stay.id, stay.id, patch, ms, place)],
                )
            case _:
                pass

    def _departure(self, stay: SyntheticStay) -> dict[str, Any]:
        if stay.departure is not None:
            return to_wire(stay.departure)
        yesterday = day_in_cambodia(self._now_ms) - timedelta(days=1)
        left_on = max(yesterday.isoformat(), stay.body.arrived_on)
        return {"left_on": left_on, "reason": self._random.choice(["left_country", "unknown"])}

    def _review(self, household: Household, fates: Mapping[UUID, str], ms: int) -> list[Signed]:
        """Judge the premises and the people of a household."""
        verdicts = [(home.id, home.place, "accept") for home in household.homes]
        verdicts += [
            (stay.id, stay.place, "return" if fates[stay.id] == "returned" else fates[stay.id])
            for stay in household.stays
            if fates[stay.id] in ("accept", "return", "refer", "returned")
        ]
        return [
            self._officers[place].act("review", entity, _verdict(verdict), ms, place)
            for entity, place, verdict in verdicts
        ]


def _verdict(verdict: str) -> dict[str, Any]:
    reasons = {"accept": [], "return": ["wrong_unit"], "refer": ["registered_elsewhere"]}
    return {"verdict": verdict, "reasons": reasons[verdict]}


def _answer_twice(phone: Phone, stay: SyntheticStay, ms: int) -> list[Signed]:
    """Correct the same revision twice, as two phones without signal do."""
    return [phone.correct(stay.id, stay.id, {"unit": unit}, ms, stay.place) for unit in ("7", "8")]
