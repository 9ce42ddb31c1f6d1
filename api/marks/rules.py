"""The marks that follow from one stay or one premises, its dates and its links.

Twin: pwa/src/marks/rules.ts. Golden cases: tests/vectors/marks.json. Marks that need visits are
not computed here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeGuard
from uuid import UUID

from api.facts.dates import earliest_day, is_partial_date, latest_day, years_after
from api.facts.deadlines import is_late
from api.ledger.effects import SKEW_MINUTES
from api.marks.records import (
    LinkedStay,
    Mark,
    MarkCode,
    Move,
    PremisesFacts,
    Shared,
    Side,
    Spread,
    StayFacts,
)

SOON_DAYS = (7, 30)
ADULT_YEARS = 18
GROUP_MIN = 5
GROUP_DAYS = 14
MANY_MIN = 5
# What those of one house share, the house explains: its telephone, its employer, a journey.
HOMES_MIN = 2
_WORKING = ("works", "both")
_NO_PERMIT = (None, "unknown", "none")
# Diplomatic, official and courtesy visas: outside the duty to hold a permit.
_NO_PERMIT_NEEDED = ("A", "B", "C")
# A permit of a year is renewed until this day of the next.
_PERMIT_ENDS = "03-31"

Linked = Mapping[UUID, tuple[LinkedStay, ...]]
_ALL: frozenset[Side] = frozenset({"owner", "police", "desk"})
# An owner learns nothing of other premises; unaccompanied minors are for the desk alone.
_NOT_FOR_ALL: dict[MarkCode, frozenset[Side]] = {
    "same_document_elsewhere": frozenset({"police", "desk"}),
    "overlapping_stays": frozenset({"police", "desk"}),
    "group_moved": frozenset({"police", "desk"}),
    "key_ended": frozenset({"police", "desk"}),
    "many_one_phone": frozenset({"police", "desk"}),
    "many_one_employer": frozenset({"police", "desk"}),
    "many_one_series": frozenset({"police", "desk"}),
    "minor_without_guardian": frozenset({"desk"}),
}


def visible_marks(marks: tuple[Mark, ...], side: Side) -> tuple[Mark, ...]:
    """Leave the marks that this side may know of."""
    return tuple(mark for mark in marks if side in _NOT_FOR_ALL.get(mark.code, _ALL))


def stay_marks(stay: StayFacts, today: date) -> tuple[Mark, ...]:
    """List the marks of a stay; today is the day in Cambodia."""
    return (
        *_late(stay.received_at, stay.due_at),
        *_visa(stay, today),
        *_permit(stay, today),
        *_document(stay),
        *_links(stay),
        *_minor(stay, today),
        *_unverified(stay.author_state),
        *_carried(stay.withheld, stay.skew_minutes),
        *_group(stay),
        *_departure(stay, today),
        *_key(stay.key_ended_as),
        *_many(stay.shared),
    )


def premises_marks(premises: PremisesFacts) -> tuple[Mark, ...]:
    """List the marks of a premises and its latest declaration."""
    declared, found = premises.declared_count, premises.found_count
    differs = declared is not None and declared != found
    return (
        *(_late(premises.declared_at, premises.due_at) if premises.declared_at else ()),
        *([Mark("count_differs", {"declared": declared or 0, "found": found})] if differs else ()),
        *_unverified(premises.author_state),
        *_carried(premises.withheld, premises.skew_minutes),
        *_key(premises.key_ended_as),
    )


def _late(received_at: str, due_at: str | None) -> list[Mark]:
    if due_at is None or not is_late(*map(datetime.fromisoformat, (received_at, due_at))):
        return []
    return [Mark("late", {"due_at": due_at, "received_at": received_at})]


def _visa(stay: StayFacts, today: date) -> list[Mark]:
    if stay.left_on or not _is_known(stay.visa_expires_on):
        return []
    return _expiry(latest_day(stay.visa_expires_on), today, ("visa_expired", "visa_expires"))


def _permit(stay: StayFacts, today: date) -> list[Mark]:
    if stay.left_on or stay.role not in _WORKING or stay.visa_class in _NO_PERMIT_NEEDED:
        return []
    if stay.permit_state in _NO_PERMIT:
        return [Mark("no_permit_data", {"state": stay.permit_state or "missing"})]
    if stay.permit_state == "expired":
        return [Mark("permit_expired")]
    if stay.permit_year is None:
        return []
    ends_on = date.fromisoformat(f"{stay.permit_year + 1}-{_PERMIT_ENDS}")
    return _expiry(ends_on, today, ("permit_expired", "permit_expires"))


def _expiry(expires_on: date, today: date, codes: tuple[MarkCode, MarkCode]) -> list[Mark]:
    """Mark what has expired or soon will; a paper is valid on its last day."""
    days = (expires_on - today).days
    shown = expires_on.isoformat()
    if days < 0:
        return [Mark(codes[0], {"expires_on": shown, "days_ago": -days})]
    within = next((limit for limit in SOON_DAYS if days <= limit), None)
    if within is None:
        return []
    return [Mark(codes[1], {"expires_on": shown, "days_left": days, "within_days": within})]


def _document(stay: StayFacts) -> list[Mark]:
    marks: list[Mark] = []
    if stay.document_holder not in ("person", "unknown"):
        marks.append(Mark("document_held_by_other", {"holder": stay.document_holder}))
    if stay.mrz_failing:
        marks.append(Mark("mrz_check_failed", {"failing": stay.mrz_failing}))
    if stay.mrz_repaired:
        marks.append(Mark("mrz_corrected"))
    return marks


def _links(stay: StayFacts) -> list[Mark]:
    """Mark stays at the same time; a person who moved has one after the other."""
    overlapping = [other for other in stay.linked if _overlap(stay, other)]
    elsewhere = [
        other
        for other in overlapping
        if other.by == "document" and other.premises_id != stay.premises_id
    ]
    rest = [other for other in overlapping if other not in elsewhere]
    named: list[tuple[MarkCode, list[LinkedStay]]] = [
        ("same_document_elsewhere", elsewhere),
        ("overlapping_stays", rest),
    ]
    return [
        Mark(code, {"stays": tuple(sorted(other.stay_id for other in others))})
        for code, others in named
        if others
    ]


def was_there(arrived_on: str, left_on: str | None, day: str) -> bool:
    """Tell whether a stay covers a day for certain, the day of leaving left out."""
    if not _is_known(arrived_on) or latest_day(arrived_on).isoformat() > day:
        return False
    return left_on is None or (_is_known(left_on) and earliest_day(left_on).isoformat() > day)


def _overlap(stay: StayFacts, other: LinkedStay) -> bool:
    """Tell whether the two share a day for certain, the days of moving left out."""
    return _begins_before_end(stay.arrived_on, other.left_on) and _begins_before_end(
        other.arrived_on, stay.left_on
    )


def _begins_before_end(arrived_on: str | None, left_on: str | None) -> bool:
    if left_on is None:
        return True
    if not _is_known(arrived_on) or not _is_known(left_on):
        return False
    return latest_day(arrived_on) < earliest_day(left_on)


def _minor(stay: StayFacts, today: date) -> list[Mark]:
    if stay.guardian_is_named or not _is_known(stay.born_on):
        return []
    grown = years_after(today, -ADULT_YEARS)
    if latest_day(stay.born_on) <= grown:
        return []
    return [Mark("minor_without_guardian", {"certain": earliest_day(stay.born_on) > grown})]


def _unverified(author_state: str) -> list[Mark]:
    return [Mark("unverified_owner")] if author_state == "unverified" else []


def find_origin(stay: LinkedStay, others: Iterable[LinkedStay]) -> str | None:
    """Return the other premises that the person left last before coming here, if it is known."""
    left = [
        (latest_day(other.left_on), other.premises_id)
        for other in others
        if other.premises_id != stay.premises_id
        and _is_known(other.left_on)
        and _is_known(stay.arrived_on)
        and latest_day(other.left_on) <= earliest_day(stay.arrived_on)
    ]
    return max(left)[1] if left else None


def count_together(day: date, days: Sequence[date]) -> int:
    """Return how many of these days, this one among them, lie within two weeks at the most."""
    starts = (one for one in days if 0 <= (day - one).days < GROUP_DAYS)
    return max(sum(0 <= (one - start).days < GROUP_DAYS for one in days) for start in starts)


def list_homes(stays: Iterable[LinkedStay], linked: Linked) -> list[UUID]:
    """Return the premises at which one of these stays began after another elsewhere."""
    came = (one for one in stays if find_origin(one, linked.get(UUID(one.stay_id), ())))
    return sorted({UUID(one.premises_id) for one in came})


def find_moves(stays: Iterable[LinkedStay], linked: Linked) -> dict[UUID, Move]:
    """Return, for each of these stays that began after another elsewhere, who came with it."""
    groups: dict[tuple[str, str], list[LinkedStay]] = {}
    for one in stays:
        origin = find_origin(one, linked.get(UUID(one.stay_id), ()))
        if origin is not None:
            groups.setdefault((origin, one.premises_id), []).append(one)
    moves: dict[UUID, Move] = {}
    for (origin, _), together in groups.items():
        days = {UUID(one.stay_id): earliest_day(one.arrived_on or "") for one in together}
        for stay_id, day in days.items():
            moves[stay_id] = Move(UUID(origin), count_together(day, list(days.values())))
    return moves


def _group(stay: StayFacts) -> list[Mark]:
    if stay.moved_from is None or stay.moved_count < GROUP_MIN:
        return []
    return [Mark("group_moved", {"from": stay.moved_from, "count": stay.moved_count})]


def _departure(stay: StayFacts, today: date) -> list[Mark]:
    """Mark a day of leaving ahead, departures on different days, and one before the arrival."""
    marks: list[Mark] = []
    arrived_on, left_on = stay.arrived_on, stay.left_on
    if _is_known(left_on) and earliest_day(left_on) > today:
        marks.append(Mark("departure_in_future", {"left_on": left_on}))
    days = [*stay.left_on_before]
    if left_on is not None and left_on not in days:
        days.append(left_on)
    if len(days) > 1:
        marks.append(Mark("departed_twice", {"days": tuple(days)}))
    if (
        _is_known(arrived_on)
        and _is_known(left_on)
        and latest_day(left_on) < earliest_day(arrived_on)
    ):
        reversal = Mark("departed_before_arrival", {"arrived_on": arrived_on, "left_on": left_on})
        marks.append(reversal)
    return marks


def _carried(withheld: tuple[str, ...], skew_minutes: int) -> list[Mark]:
    """Mark values that nobody brought, and a clock that was before or behind the time it was."""
    marks = [Mark("values_withheld", {"names": withheld})] if withheld else []
    if abs(skew_minutes) > SKEW_MINUTES:
        marks.append(Mark("clock_skew", {"minutes": skew_minutes}))
    return marks


def _key(ended_as: str | None) -> list[Mark]:
    """Mark what arrived from a key that had been replaced or left, while it is still taken."""
    return [Mark("key_ended", {"reason": ended_as})] if ended_as is not None else []


def _many(shared: Shared) -> list[Mark]:
    """Mark what so many at several premises share that one person may stand behind them."""
    spreads: dict[MarkCode, Spread] = {
        "many_one_phone": shared.phone,
        "many_one_employer": shared.employer,
        "many_one_series": shared.series,
    }
    return [
        Mark(code, {"count": one.count})
        for code, one in spreads.items()
        if one.count >= MANY_MIN and one.homes >= HOMES_MIN
    ]


def _is_known(text: str | None) -> TypeGuard[str]:
    return text is not None and is_partial_date(text)
