"""What is kept back cannot be computed from what is shown."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.coverage.records import CoverageRow, Tally
from api.coverage.rules import SMALLEST_SHOWN, suppress, tally, total
from api.declarations.records import Standing
from api.orders.store import load_shipped

OF_2022, STANDING = (known.order for known in load_shipped())
DAY_MS = 86_400_000
KNOWN_MS = 1_663_600_000_000  # 2022-09-19
DEADLINE_MS = 1_664_038_799_000


def premises(place: str, declared_ms: int | None = None, count: int | None = None) -> Standing:
    return Standing(
        premises_id=UUID(int=1),
        place=place,
        known_ms=KNOWN_MS,
        declared_ms=declared_ms,
        count=count,
    )


@pytest.mark.parametrize(
    ("now_ms", "overdue"), [(DEADLINE_MS, 0), (DEADLINE_MS + 1, 1), (DEADLINE_MS + DAY_MS, 1)]
)
def test_premises_that_did_not_declare_are_overdue_after_the_deadline(now_ms: int, overdue: int):
    standings = [premises("a"), premises("a", KNOWN_MS, 0), premises("a", KNOWN_MS, 7)]
    counted = tally(OF_2022, standings, ["a", "b"], now_ms)
    assert counted == {"a": Tally(3, 2, 1, overdue), "b": Tally()}


def test_premises_known_after_an_order_ended_are_not_asked():
    later = Standing(premises_id=UUID(int=1), place="a", known_ms=DEADLINE_MS + DAY_MS)
    assert tally(OF_2022, [later], ["a"], DEADLINE_MS + 2 * DAY_MS) == {"a": Tally()}


def test_a_declaration_is_renewed_in_time_or_overdue():
    standings = [premises("a", KNOWN_MS, 3)]
    for days, counted in ((29, Tally(1, 1, 0, 0)), (30, Tally(1, 0, 0, 1))):
        assert tally(STANDING, standings, ["a"], KNOWN_MS + days * DAY_MS) == {"a": counted}


def test_premises_just_known_have_time_to_declare():
    for days, overdue in ((29, 0), (30, 1)):
        counted = tally(STANDING, [premises("a")], ["a"], KNOWN_MS + days * DAY_MS)
        assert counted["a"].overdue == overdue


@st.composite
def tallies(draw: st.DrawFn) -> dict[str, Tally]:
    parts = st.tuples(*[st.integers(0, 40)] * 4)
    rows = draw(st.lists(parts, min_size=1, max_size=8))
    return {
        str(n): Tally(nil + some + waiting + overdue, nil + some, nil, overdue)
        for n, (nil, some, waiting, overdue) in enumerate(rows)
    }


def numbers(row: CoverageRow) -> list[int] | None:
    """Return the classes that somebody can compute from a row that is shown."""
    if row.known is None or row.declared is None or row.nil is None or row.overdue is None:
        return None
    return [
        row.nil,
        row.declared - row.nil,
        row.known - row.declared - row.overdue,
        row.overdue,
    ]


@given(tallies())
def test_no_number_under_ten_can_be_computed(counted: dict[str, Tally]):
    rows, whole = suppress(counted)
    shown = [parts for row in rows if (parts := numbers(row)) is not None]
    for parts in shown:
        assert not any(0 < part < SMALLEST_SHOWN for part in parts)
    totals = numbers(whole)
    if totals is None:
        return
    hidden = len(rows) - len(shown)
    rest = [at - sum(parts[n] for parts in shown) for n, at in enumerate(totals)]
    assert not any(0 < part < SMALLEST_SHOWN for part in rest)
    assert hidden != 1 or len(rows) == 1


@given(tallies())
def test_a_row_is_kept_back_whole(counted: dict[str, Tally]):
    for row in (*suppress(counted)[0], suppress(counted)[1]):
        values = (row.known, row.declared, row.nil, row.overdue)
        assert len({value is None for value in values}) == 1


def test_large_numbers_are_all_shown():
    counted = {"a": Tally(40, 20, 10, 20), "b": Tally(30, 10, 0, 10)}
    rows, whole = suppress(counted)
    assert [row.known for row in rows] == [40, 30]
    assert whole.known == total(counted.values()).known


def test_one_small_commune_hides_a_second_so_that_no_difference_tells_it():
    counted = {name: Tally(50, 50, 20, 0) for name in "abc"} | {"d": Tally(3, 3, 0, 0)}
    rows, whole = suppress(counted)
    assert whole.known == 153
    hidden = [row.place_id for row in rows if row.known is None]
    assert len(hidden) == 2
    assert "d" in hidden
