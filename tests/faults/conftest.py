"""On which engine a register meets its fault."""

from collections.abc import Iterator

import pytest

from tests import engines


@pytest.fixture(params=engines.NAMES)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Registers of the test are in a file of their own, then in a database of their own."""
    dsn = str(request.getfixturevalue("cluster")) if request.param == "postgresql" else ""
    with engines.using_cluster(dsn):
        yield request.param
