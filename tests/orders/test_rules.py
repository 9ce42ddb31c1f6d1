"""When an order asks, and until when a stay was to be reported under it."""

import pytest

from api.orders.records import KnownOrder
from api.orders.rules import collects, day_of, describe, due_at, find_covering
from api.orders.store import load_shipped
from tests.makers import LOG, SANGKAT_4
from tests.world import START_MS

OF_2022, STANDING = load_shipped()
DEADLINE = "2022-09-24T16:59:59.000Z"


def test_the_order_of_2022_ships_closed_and_the_standing_duty_open():
    today = day_of(START_MS)
    assert today == "2026-03-02"
    assert not collects(OF_2022.order, today)
    assert collects(STANDING.order, today)
    assert describe(STANDING, today).is_open
    assert describe(OF_2022, "2022-09-24").is_open


def test_what_is_not_confirmed_says_so_in_every_language():
    for known in (OF_2022, STANDING):
        basis = known.order.legal_basis
        assert "To be confirmed by the authority" in basis.en
        assert "រង់ចាំការបញ្ជាក់" in basis.km
        assert "有待主管机关确认" in basis.zh


def test_an_order_for_the_province_covers_its_communes():
    assert find_covering([OF_2022], [SANGKAT_4, "psh-d-preah-sihanouk", LOG]) == [OF_2022]
    assert find_covering([OF_2022], ["another-commune", "another-province"]) == []


@pytest.mark.parametrize(
    ("orders", "arrived_on", "received_on", "due"),
    [
        ([OF_2022], "2022-08-01", "2022-09-20", DEADLINE),
        ([OF_2022], "2022-08-01", "2022-09-25", DEADLINE),
        ([OF_2022], "2022-09-24", "2022-09-25", "2022-09-25T16:59:59.000Z"),
        ([OF_2022], "2022-09-25", "2022-09-25", None),
        ([OF_2022], "2022-08-01", "2022-09-08", None),
        ([OF_2022], "unknown", "2022-09-20", None),
        ([OF_2022], "2022-08", "2022-09-20", None),
        ([STANDING], "2026-02-20", "2026-03-02", "2026-02-21T16:59:59.000Z"),
        ([STANDING], "2020-01-01", "2026-03-02", "2026-01-06T16:59:59.000Z"),
        ([OF_2022, STANDING], "2022-08-01", "2026-03-02", "2026-01-06T16:59:59.000Z"),
        ([], "2026-02-20", "2026-03-02", None),
    ],
)
def test_a_stay_is_due_at_the_latest_instant_that_an_order_allows(
    orders: list[KnownOrder], arrived_on: str, received_on: str, due: str | None
):
    assert due_at(orders, arrived_on, received_on) == due
