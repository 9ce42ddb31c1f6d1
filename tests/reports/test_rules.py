"""Paper names the order that the phone names."""

from uuid import UUID

import msgspec
import pytest

from api.orders.records import KnownOrder, Order
from api.reports.rules import find_order
from sync.instants import read_instant
from tests.makers import LOG, SANGKAT_4, make_order

NOW = read_instant("2026-03-02T03:00:00.000Z")
ANCESTRY = (SANGKAT_4, LOG)


def order(name: str, **changes: object) -> KnownOrder:
    title = dict.fromkeys(("km", "en", "zh"), name)
    body = make_order(title=title, **{"pledge_text_id": "short", **changes})
    return KnownOrder(UUID(int=0), msgspec.convert(body, Order))


STANDING = order("standing")
LATE = order("late", deadline_at="2026-02-01T16:59:59.000Z")
SOON = order("soon", deadline_at="2026-04-01T16:59:59.000Z")
LATER = order("later", deadline_at="2026-05-01T16:59:59.000Z")
ENDED = order("ended", ends_on="2026-02-01")
ELSEWHERE = order("elsewhere", places=["psh-c-sangkat-1"])
OF_ANOTHER_TEXT = order("other", pledge_text_id="long")


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ([STANDING, LATE, LATER, SOON], "soon"),
        ([LATE, STANDING], "standing"),
        ([LATE], "late"),
        ([ENDED, ELSEWHERE, OF_ANOTHER_TEXT], None),
    ],
)
def test_the_deadline_that_is_next_comes_first(orders: list[KnownOrder], expected: str | None):
    found = find_order(orders, ANCESTRY, "short", NOW)
    assert (found and found.title.en) == expected
