"""Whoever is refused for now is told when to come again, and not all at the same moment."""

import pytest

from api import limits, problems
from api.problems import Refusal, TooManyRequests
from api.rendering import jitter, render

PASSING = (408, 429, 503, 507)
REFUSALS = [of for of in Refusal.__subclasses__() if of.status in PASSING]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_that_passes_says_after_how_long(refusal: type[Refusal]):
    seconds = int(render(refusal()).headers["Retry-After"])
    asked = refusal.retry_seconds or 0
    assert 1 <= asked <= seconds <= asked * (1 + limits.JITTER)


def test_every_refusal_for_now_is_one_of_them():
    retryable = {of for of in vars(problems).values() if getattr(of, "retryable", False)}
    assert retryable == set(REFUSALS)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_those_who_were_refused_together_come_back_apart(refusal: type[Refusal]):
    assert len({render(refusal()).headers["Retry-After"] for _ in range(60)}) > 1


@pytest.mark.parametrize("seconds", [1, 5, 2_400, 3_000, 3_600])
def test_nobody_is_told_to_wait_longer_than_phones_do(seconds: int):
    waits = {jitter(seconds) for _ in range(200)}
    assert min(seconds, 2_400) <= min(waits) <= max(waits) <= limits.RETRY_SECONDS_MAX


@pytest.mark.parametrize("seconds", [600, 2_400, 2_401, 3_599, 3_600, 50_000])
def test_a_wait_of_whatever_length_is_spread_over_a_third_of_the_longest(seconds: int):
    waits = {jitter(seconds) for _ in range(400)}
    # Of 400 draws none lies in either tenth of the spread once in 10^18 times.
    assert max(waits) - min(waits) > 0.8 * max(waits) / 3


def test_the_end_of_a_day_is_told_as_it_is():
    seconds = int(render(TooManyRequests(retry_after=50_000)).headers["Retry-After"])
    assert 50_000 <= seconds <= 75_000
