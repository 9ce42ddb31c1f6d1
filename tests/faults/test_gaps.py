"""Who follows the log while many write misses nothing; by an engine's own numbers he would."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from api.database.connecting import open_pool
from api.database.engine import Engine
from api.database.migrate import migrate
from api.database.postgresql import PostgresEngine
from api.database.sqlite import open_sqlite
from tests.faults.feeds import LogFeed, NumberFeed, Unlocked, find_missed, list_tokens
from tests.makers import LOG
from tests.postgres import make_database

SEED = 31
WRITES = 600
WRITES_AT_NIGHT = 12_000
PROCESSES: Final = 4
CONNECTIONS_EACH: Final = 4
Opening = Callable[..., PostgresEngine]


@asynccontextmanager
async def on_sqlite(folder: Path) -> AsyncGenerator[Sequence[Engine]]:
    async with AsyncExitStack() as stack:
        engine = await open_sqlite(folder / "feed.sqlite3")
        stack.push_async_callback(engine.close)
        await migrate(engine, 0)
        yield [engine]


@asynccontextmanager
async def on_postgresql(
    cluster: str, name: str, kind: Opening = PostgresEngine
) -> AsyncGenerator[Sequence[Engine]]:
    """Give engines of one database, as that many processes have them."""
    database = make_database(cluster, name)
    async with AsyncExitStack() as stack:
        engines: list[Engine] = []
        for _ in range(PROCESSES):
            engine = kind(await open_pool(database, CONNECTIONS_EACH), database, LOG)
            stack.push_async_callback(engine.close)
            engines.append(engine)
        await migrate(engines[0], 0)
        yield engines


async def check_log(engines: Sequence[Engine], writes: int) -> None:
    """Let many write to the log while one follows it."""
    feed = LogFeed(engines)
    assert await find_missed(feed, writes, SEED) == set()
    assert len(await list_tokens(feed)) > writes * 0.8


async def make_numbered(engines: Sequence[Engine]) -> NumberFeed:
    feed = NumberFeed(engines)
    await feed.make()
    return feed


async def test_who_follows_the_log_on_sqlite_misses_nothing(tmp_path: Path):
    async with on_sqlite(tmp_path) as engines:
        await check_log(engines, WRITES)


async def test_who_follows_the_row_numbers_of_sqlite_misses_what_takes_a_removed_place(
    tmp_path: Path,
):
    async with on_sqlite(tmp_path) as engines:
        assert await find_missed(await make_numbered(engines), WRITES, SEED)


async def test_who_follows_the_log_of_several_processes_on_postgresql_misses_nothing(cluster: str):
    async with on_postgresql(cluster, "log") as engines:
        await check_log(engines, WRITES)


async def test_who_follows_a_sequence_of_postgresql_misses_what_commits_later(cluster: str):
    async with on_postgresql(cluster, "sequence", Unlocked) as engines:
        assert await find_missed(await make_numbered(engines), WRITES, SEED)


async def test_a_register_that_does_not_lock_the_head_gives_a_position_out_twice(cluster: str):
    async with on_postgresql(cluster, "unlocked", Unlocked) as engines:
        with pytest.raises(ExceptionGroup) as raised:
            await find_missed(LogFeed(engines), WRITES, SEED)
    assert raised.group_contains(asyncpg.UniqueViolationError)


@pytest.mark.nightly
async def test_ten_thousand_commits_are_followed_on_both_engines(tmp_path: Path, cluster: str):
    async with on_sqlite(tmp_path) as here, on_postgresql(cluster, "night") as there:
        await check_log(here, WRITES_AT_NIGHT)
        await check_log(there, WRITES_AT_NIGHT)
