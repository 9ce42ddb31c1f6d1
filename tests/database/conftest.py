"""One cluster for the tests that ask PostgreSQL itself."""

from collections.abc import Iterator

import pytest

from tests import engines


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[None]:
    """Registers of this module are opened in PostgreSQL."""
    with engines.using("postgresql"):
        yield
