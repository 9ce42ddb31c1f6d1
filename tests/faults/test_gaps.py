"""Who follows the feed while many write misses nothing; by an engine's own numbers he would."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from api.database.sqlite import open_sqlite
from tests.faults.feeds import WRITERS, EngineFeed, PostgresFeed, find_missed
from tests.postgres import make_database, running_cluster

SEED = 31
WRITES = 600
WRITES_AT_NIGHT = 12_000


@pytest.fixture(scope="module")
def cluster() -> Generator[str]:
    with running_cluster() as dsn:
        yield dsn


@asynccontextmanager
async def sqlite_feed(folder: Path, *, is_counted: bool) -> AsyncGenerator[EngineFeed]:
    engine = await open_sqlite(folder / "feed.sqlite3")
    feed = EngineFeed(engine, is_counted=is_counted)
    await feed.make()
    yield feed
    await engine.close()


@asynccontextmanager
async def postgres_feed(dsn: str, *, is_counted: bool, name: str) -> AsyncGenerator[PostgresFeed]:
    database = make_database(dsn, name)
    async with asyncpg.create_pool(database, min_size=1, max_size=WRITERS + 1) as pool:
        feed = PostgresFeed(pool, is_counted=is_counted)
        await feed.make()
        yield feed


async def test_who_follows_the_feed_on_sqlite_misses_nothing(tmp_path: Path):
    async with sqlite_feed(tmp_path, is_counted=True) as feed:
        assert await find_missed(feed, WRITES, SEED) == set()


async def test_who_follows_the_row_numbers_of_sqlite_misses_what_takes_a_removed_place(
    tmp_path: Path,
):
    async with sqlite_feed(tmp_path, is_counted=False) as feed:
        assert await find_missed(feed, WRITES, SEED)


async def test_who_follows_the_feed_on_postgresql_misses_nothing(cluster: str):
    async with postgres_feed(cluster, is_counted=True, name="counted") as feed:
        assert await find_missed(feed, WRITES, SEED) == set()


async def test_who_follows_a_sequence_of_postgresql_misses_what_commits_later(cluster: str):
    async with postgres_feed(cluster, is_counted=False, name="sequence") as feed:
        assert await find_missed(feed, WRITES, SEED)


@pytest.mark.nightly
async def test_ten_thousand_commits_are_followed_on_both_engines(tmp_path: Path, cluster: str):
    async with (
        sqlite_feed(tmp_path, is_counted=True) as on_sqlite,
        postgres_feed(cluster, is_counted=True, name="night") as on_postgresql,
    ):
        assert await find_missed(on_sqlite, WRITES_AT_NIGHT, SEED) == set()
        assert await find_missed(on_postgresql, WRITES_AT_NIGHT, SEED) == set()
