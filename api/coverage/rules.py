"""Counts premises by commune, and keeps back what would show fewer than ten of them: pure.

A number is kept back with everything that it could be computed from. Premises fall into classes:
nobody declared there, somebody, not declared; communes are kept back whole, until in no class the
communes kept back together hold one to nine premises, which the total would otherwise give away.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from api.coverage.records import CoverageRow, Tally
from api.declarations.records import Standing
from api.declarations.rules import count_declared, is_overdue, list_under
from api.orders.records import Order

SMALLEST_SHOWN: Final = 10


def tally(
    order: Order, standings: Iterable[Standing], places: Sequence[str], now_ms: int
) -> dict[str, Tally]:
    """Return what each of these places has of an order."""
    counted = dict.fromkeys(places, Tally())
    for one in list_under(order, standings):
        if one.place in counted:
            count = count_declared(order, one, now_ms)
            counted[one.place] = add(
                counted[one.place],
                Tally(
                    1,
                    int(count is not None),
                    int(count == 0),
                    int(is_overdue(order, one, now_ms)),
                ),
            )
    return counted


def add(one: Tally, other: Tally) -> Tally:
    """Return two counts together."""
    return Tally(
        one.known + other.known,
        one.declared + other.declared,
        one.nil + other.nil,
        one.overdue + other.overdue,
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """Return all counts together."""
    whole = Tally()
    for one in tallies:
        whole = add(whole, one)
    return whole


def show(counted: Tally, place_id: str | None = None) -> CoverageRow:
    """Return a count with every number."""
    return CoverageRow(counted.known, counted.declared, counted.nil, counted.overdue, place_id)


def suppress(counted: Mapping[str, Tally]) -> tuple[list[CoverageRow], CoverageRow]:
    """Return communes and their total without small numbers, nor what would give them away."""
    whole = total(counted.values())
    hidden = {place for place, one in counted.items() if _is_small(one)}
    by_size = sorted(counted, key=lambda place: (counted[place].known, place))
    while hidden and len(hidden) < len(counted) and _gives_away(counted, hidden):
        hidden.add(next(place for place in by_size if place not in hidden))
    rows = [
        _keep_back(place) if place in hidden else show(one, place) for place, one in counted.items()
    ]
    return rows, _keep_back(None) if _is_small(whole) else show(whole)


def _classes(one: Tally) -> tuple[int, ...]:
    """Return the disjoint parts that the numbers of a row are sums of."""
    missing = one.known - one.declared
    return one.nil, one.declared - one.nil, missing - one.overdue, one.overdue


def _is_small(one: Tally) -> bool:
    return any(0 < part < SMALLEST_SHOWN for part in _classes(one))


def _gives_away(counted: Mapping[str, Tally], hidden: set[str]) -> bool:
    """Say whether total minus the communes shown reveals one commune, or a small number."""
    return len(hidden) == 1 or _is_small(total(counted[place] for place in hidden))


def _keep_back(place_id: str | None) -> CoverageRow:
    return CoverageRow(None, None, None, None, place_id)
