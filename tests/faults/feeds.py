"""Feeds that somebody reads while many write: by a counted position, or by an engine's own numbers.

A counted position is taken from the head, whose row stays locked until the commit as in the log:
whoever sees a position then sees all before it. An engine's numbers are given out when a row is
written and seen when it is committed, or are given out twice: the usual cursor, which must fail.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import asyncpg

from api.database.engine import Engine

WRITERS = 12
_HOLD_SECONDS_MAX = 0.004
_UNDONE = _REMOVED = 0.05


class Undone(Exception):
    """Undoes a transaction that would have been committed."""


class Entry(NamedTuple):
    """What a reader sees: where it stands, and which one it is."""

    pos: int
    token: int


class Feed(Protocol):
    """What writers and the reader ask of an engine."""

    async def append(self, token: int, chance: random.Random) -> None:
        """Write an entry in a transaction that stays open for a while; may raise Undone."""
        ...

    async def remove_newest(self) -> None:
        """Take the last entry away, as an erasure may."""
        ...

    async def read(self, after: int) -> Sequence[Entry]:
        """Return what stands after a position."""
        ...


class EngineFeed:
    """A feed over the seam of the register's own engines."""

    def __init__(self, engine: Engine, *, is_counted: bool) -> None:
        self._engine = engine
        self._is_counted = is_counted

    async def make(self) -> None:
        async with self._engine.writing() as tx:
            await tx.run("CREATE TABLE written (pos INTEGER PRIMARY KEY, token BIGINT NOT NULL)")
            await tx.run("CREATE TABLE head (pos BIGINT NOT NULL)")
            await tx.run("INSERT INTO head (pos) VALUES (0)")

    async def append(self, token: int, chance: random.Random) -> None:
        async with self._engine.writing() as tx:
            if self._is_counted:
                await tx.run("UPDATE head SET pos = pos + 1")
                sql = "INSERT INTO written (pos, token) SELECT pos, :token FROM head"
            else:
                sql = "INSERT INTO written (token) VALUES (:token)"
            await tx.run(sql, token=token)
            await hold(chance)

    async def remove_newest(self) -> None:
        async with self._engine.writing() as tx:
            await tx.run("DELETE FROM written WHERE pos = (SELECT MAX(pos) FROM written)")

    async def read(self, after: int) -> Sequence[Entry]:
        async with self._engine.reading() as tx:
            sql = "SELECT pos, token FROM written WHERE pos > :after ORDER BY pos"
            return [Entry(*row) for row in await tx.all(sql, after=after)]


class PostgresFeed:
    """A feed on PostgreSQL, through connections that write at the same time."""

    def __init__(self, pool: asyncpg.Pool, *, is_counted: bool) -> None:
        self._pool = pool
        self._is_counted = is_counted

    async def make(self) -> None:
        await self._pool.execute(
            "CREATE TABLE written (pos BIGSERIAL PRIMARY KEY, token BIGINT NOT NULL);"
            "CREATE TABLE head (pos BIGINT NOT NULL);"
            "INSERT INTO head (pos) VALUES (0)"
        )

    async def append(self, token: int, chance: random.Random) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            if self._is_counted:
                await connection.execute("UPDATE head SET pos = pos + 1")
                sql = "INSERT INTO written (pos, token) SELECT pos, $1 FROM head"
            else:
                sql = "INSERT INTO written (token) VALUES ($1)"
            await connection.execute(sql, token)
            await hold(chance)

    async def remove_newest(self) -> None:
        sql = "DELETE FROM written WHERE pos = (SELECT MAX(pos) FROM written)"
        await self._pool.execute(sql)

    async def read(self, after: int) -> Sequence[Entry]:
        sql = "SELECT pos, token FROM written WHERE pos > $1 ORDER BY pos"
        return [Entry(*row) for row in await self._pool.fetch(sql, after)]


async def hold(chance: random.Random) -> None:
    """Keep a transaction open for a moment; undo one in twenty."""
    await asyncio.sleep(chance.random() * _HOLD_SECONDS_MAX)
    if chance.random() < _UNDONE:
        raise Undone


class Reader:
    """Asks again and again for what is new, and notes what it saw."""

    def __init__(self, feed: Feed) -> None:
        self.seen: set[int] = set()
        self._feed = feed
        self._cursor = 0

    async def read_until(self, is_over: asyncio.Event) -> None:
        """Go on until nothing comes any more."""
        while True:
            if not await self._read_once() and is_over.is_set():
                return
            await asyncio.sleep(0)

    async def _read_once(self) -> bool:
        entries = await self._feed.read(self._cursor)
        self.seen.update(entry.token for entry in entries)
        self._cursor = max([self._cursor, *(entry.pos for entry in entries)])
        return bool(entries)


async def find_missed(feed: Feed, writes: int, seed: int) -> set[int]:
    """Let many write while one reads; return what stands in the feed and was never seen."""
    tokens, reader, is_over = iter(range(writes)), Reader(feed), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(reader.read_until(is_over))
        writers = [_write(feed, tokens, random.Random(seed + n)) for n in range(WRITERS)]
        await asyncio.gather(*writers)
        is_over.set()
    return {entry.token for entry in await feed.read(0)} - reader.seen


async def _write(feed: Feed, tokens: Iterator[int], chance: random.Random) -> None:
    for token in tokens:
        try:
            await feed.append(token, chance)
        except Undone:
            continue
        if chance.random() < _REMOVED:
            await feed.remove_newest()
