"""What makes a declaration complete, and when one is due again."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from api.declarations.records import Declaration, Standing
from api.declarations.rules import check, is_declared, is_overdue, list_under
from api.orders.records import Order
from api.orders.store import load_shipped
from tests.makers import make_declaration

OF_2022, STANDING = (known.order for known in load_shipped())
WITHOUT_TERM = replace(STANDING, reattest_every_days=None)
DAY_MS = 86_400_000
KNOWN_MS = 1_663_600_000_000  # 2022-09-19
DEADLINE_MS = 1_664_038_799_000
STAY = "019cac7d-0380-7629-92d8-9a3364b7fe2c"


def standing(declared_ms: int | None = None) -> Standing:
    return Standing(
        premises_id=UUID(int=1), place="psh-c-sangkat-4", known_ms=KNOWN_MS, declared_ms=declared_ms
    )


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({}, []),
        ({"count": 5}, []),
        ({"as_of": "2026-03-02T03:00:00.000+"}, ["/body/as_of"]),
        ({"as_of": "2026-02-30T03:00:00.000Z"}, ["/body/as_of"]),
        ({"stays": [STAY, STAY]}, ["/body/stays"]),
    ],
)
def test_a_declaration_names_an_instant_and_nobody_twice(
    changes: dict[str, Any], pointers: list[str]
):
    body = make_declaration(UUID(int=1), UUID(int=2), **changes)
    errors = check(msgspec.convert(body, Declaration), {})
    assert [error.pointer for error in errors] == pointers


@pytest.mark.parametrize(
    ("order", "declared_ms", "now_ms", "declared", "overdue"),
    [
        (OF_2022, None, DEADLINE_MS, False, False),
        (OF_2022, None, DEADLINE_MS + 1, False, True),
        (OF_2022, KNOWN_MS, DEADLINE_MS + 999 * DAY_MS, True, False),
        (STANDING, None, KNOWN_MS + 30 * DAY_MS - 1, False, False),
        (STANDING, None, KNOWN_MS + 30 * DAY_MS, False, True),
        (STANDING, KNOWN_MS + DAY_MS, KNOWN_MS + 31 * DAY_MS - 1, True, False),
        (STANDING, KNOWN_MS + DAY_MS, KNOWN_MS + 31 * DAY_MS, False, True),
        (WITHOUT_TERM, None, KNOWN_MS + 999 * DAY_MS, False, False),
        (WITHOUT_TERM, KNOWN_MS, KNOWN_MS + 999 * DAY_MS, True, False),
    ],
)
def test_premises_declare_by_the_deadline_and_again_in_time(
    order: Order, declared_ms: int | None, now_ms: int, *, declared: bool, overdue: bool
):
    one = standing(declared_ms)
    assert is_declared(order, one, now_ms) == declared
    assert is_overdue(order, one, now_ms) == overdue


def test_an_order_that_ended_asks_nothing_of_premises_known_later():
    later = replace(standing(), known_ms=DEADLINE_MS + DAY_MS)
    assert list_under(OF_2022, [standing(), later]) == [standing()]
    assert list_under(STANDING, [standing(), later]) == [standing(), later]
