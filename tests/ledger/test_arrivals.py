"""News wake who waits: a few at once, as many again each second, everybody when it ends."""

import asyncio
from contextlib import ExitStack
from uuid import UUID

import pytest

from api.ledger.arrivals import Arrivals
from api.limits import WOKEN_A_SECOND_MAX


@pytest.fixture(name="waiting")
def wait_in_crowds():
    """Half as many again as are woken at once, each of an account of its own."""
    arrivals = Arrivals()
    with ExitStack() as stack:
        many = range(WOKEN_A_SECOND_MAX * 3 // 2)
        events = [stack.enter_context(arrivals.watching(UUID(int=n))) for n in many]
        yield arrivals, events


def count_woken(events: list[asyncio.Event]) -> int:
    return sum(event.is_set() for event in events)


async def test_those_who_wait_longest_are_woken_first_and_the_others_soon(waiting):
    arrivals, events = waiting
    arrivals.announce()
    assert [event.is_set() for event in events[:WOKEN_A_SECOND_MAX]] == [True] * WOKEN_A_SECOND_MAX
    assert count_woken(events) == WOKEN_A_SECOND_MAX
    arrivals.announce()
    assert count_woken(events) == WOKEN_A_SECOND_MAX
    await asyncio.wait_for(events[-1].wait(), 10)
    assert count_woken(events) == len(events)


async def test_who_began_to_wait_after_the_news_waits_for_the_next(waiting):
    arrivals, events = waiting
    arrivals.announce()
    with arrivals.watching(UUID(int=0)) as late:
        await asyncio.wait_for(events[-1].wait(), 10)
        assert not late.is_set()
        arrivals.announce()
        assert late.is_set()


async def test_the_end_wakes_everybody(waiting):
    arrivals, events = waiting
    arrivals.announce()
    arrivals.stop()
    assert count_woken(events) == len(events)
    with arrivals.watching(UUID(int=0)) as late:
        assert late.is_set()
