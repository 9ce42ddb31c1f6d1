"""The real protocol over histories of faults: nothing acknowledged is lost, everybody agrees."""

import secrets
from collections.abc import Iterator

import pytest

from tests import engines
from tests.simulation.running import Course, run_histories
from tests.simulation.storage import PostgresStorage

# By day the same histories for everybody: a run that goes red does so because of a change.
HISTORIES = 200
PARTS = 20
HISTORIES_OF_A_NIGHT = 20_000
PARTS_OF_A_NIGHT = 100
# What the engines do in ways of their own: a copy that comes back, a value that goes.
FAULTS_ON_POSTGRESQL = frozenset({"restore", "erase"})
HISTORIES_ON_POSTGRESQL = 4
HISTORIES_OF_A_NIGHT_ON_POSTGRESQL = 1_000
PARTS_OF_A_NIGHT_ON_POSTGRESQL = 20


@pytest.mark.parametrize("part", range(PARTS))
def test_every_history_comes_right(part: int):
    count = HISTORIES // PARTS
    run_histories(range(part * count, (part + 1) * count))


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(PARTS_OF_A_NIGHT))
def test_every_history_of_a_night_comes_right(part: int):
    count = HISTORIES_OF_A_NIGHT // PARTS_OF_A_NIGHT
    first = secrets.randbelow(2**40)
    print(f"part {part}: histories {first} to {first + count - 1}")
    run_histories(range(first, first + count))


@pytest.fixture
def on_postgresql(cluster: str) -> Iterator[Course]:
    """What histories have in common whose registers are in PostgreSQL."""
    with engines.using_cluster(cluster):
        yield Course(FAULTS_ON_POSTGRESQL, storage=PostgresStorage)


def test_some_histories_come_right_on_postgresql(on_postgresql: Course):
    run_histories(range(HISTORIES_ON_POSTGRESQL), on_postgresql)


@pytest.mark.nightly
@pytest.mark.parametrize("part", range(PARTS_OF_A_NIGHT_ON_POSTGRESQL))
def test_many_histories_of_a_night_come_right_on_postgresql(part: int, on_postgresql: Course):
    count = HISTORIES_OF_A_NIGHT_ON_POSTGRESQL // PARTS_OF_A_NIGHT_ON_POSTGRESQL
    first = secrets.randbelow(2**40)
    print(f"part {part}: histories {first} to {first + count - 1}")
    run_histories(range(first, first + count), on_postgresql)
