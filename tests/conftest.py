"""What every test of the register may ask for by name."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.postgres import running_cluster
from tests.world import World, open_world


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """The address of one cluster for all tests of this process that need no more of it."""
    with running_cluster() as dsn:
        yield dsn


@pytest.fixture(params=engines.NAMES)
def each_engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Registers of the test are in a file of their own, then in a database of their own."""
    dsn = str(request.getfixturevalue("cluster")) if request.param == "postgresql" else ""
    with engines.using_cluster(dsn):
        yield request.param


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A register of its own, with an owner, an officer and a program."""
    async with open_world(tmp_path) as opened:
        yield opened


def pytest_addoption(parser: pytest.Parser):
    said = "the engine of the registers that worlds open"
    parser.addoption("--engine", choices=engines.NAMES, default="sqlite", help=said)


@pytest.fixture(scope="session", autouse=True)
def engine_in_use(pytestconfig: pytest.Config) -> Iterator[None]:
    """The engine that was asked for, with a cluster of this process's own."""
    with engines.using(str(pytestconfig.getoption("--engine"))):
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]):
    """Leave out on another engine what is about SQLite itself."""
    if config.getoption("--engine") != "sqlite":
        items[:] = [item for item in items if item.get_closest_marker("sqlite") is None]
