"""Feeds that somebody reads while many write: the register's own log, or an engine's own numbers.

A position of the log is taken from the head, whose row stays locked until the commit: whoever sees
a position then sees all before it. An engine's numbers are given out when a row is written and seen
when it is committed, or are given out twice: the usual cursor, which must fail.
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from api.database.connecting import Connection
from api.database.engine import Engine
from api.database.postgresql import PostgresEngine
from api.ledger.reading_store import Stretch, list_entries, read_head
from api.ledger.records import Entry, Head, Prepared, Scope
from api.ledger.store import append_entries, lock_head, save_head
from sync.chain import next_link
from sync.document import Document, compose, read_document
from sync.keys import new_private_key
from tests.makers import LOG, SANGKAT_4

WRITERS: Final = 12
_PAGE: Final = 50
_HOLD_SECONDS_MAX = 0.004
_UNDONE = _REMOVED = 0.05


class Undone(Exception):
    """Undoes a transaction that would have been committed."""


class Seen(NamedTuple):
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

    async def read(self, after: int) -> Sequence[Seen]:
        """Return what stands after a position."""
        ...


class LogFeed:
    """The log as the register writes and reads it; each engine is a process that serves it."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines
        self._key = new_private_key()
        self._tokens: dict[UUID, int] = {}

    async def append(self, token: int, chance: random.Random) -> None:
        payload = {"kind": "beacon", "log": LOG, "place": SANGKAT_4, "seq": token + 1, "body": {}}
        document = read_document(compose(self._key, payload, now_ms=token))
        self._tokens[document.id] = token
        async with self._engines[token % len(self._engines)].writing() as tx:
            entry = _follow(await lock_head(tx, LOG), document)
            await append_entries(tx, LOG, [entry])
            await hold(chance)
            await save_head(tx, LOG, Head(entry.pos, entry.chain, entry.received_ms))

    async def remove_newest(self) -> None:
        """Leave it: the log is only ever added to."""

    async def read(self, after: int) -> Sequence[Seen]:
        async with self._engines[0].reading() as tx:
            end = (await read_head(tx, LOG)).pos
            stretch = Stretch(after, end, limit=_PAGE)
            logged = await list_entries(tx, LOG, Scope(everything=True), stretch)
        return [Seen(one.pos, self._tokens[one.id]) for one in logged]


def _follow(head: Head, document: Document) -> Entry:
    """Return a document as the entry after a head, without a receipt."""
    pos, received_ms = head.pos + 1, head.received_ms + 1
    link = next_link(head.chain, pos, document.id, document.hash, received_ms=received_ms)
    return Entry(
        prepared=Prepared(document, {}),
        pos=pos,
        chain=link,
        received_ms=received_ms,
        author=document.id,
        grade="author",
        receipt="",
    )


class NumberFeed:
    """A table whose rows the engine numbers."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines

    async def make(self) -> None:
        numbered = "BIGSERIAL" if self._engines[0].is_shared else "INTEGER"
        async with self._engines[0].writing() as tx:
            await tx.run(f"CREATE TABLE written (pos {numbered} PRIMARY KEY, token BIGINT)")

    async def append(self, token: int, chance: random.Random) -> None:
        async with self._engines[token % len(self._engines)].writing() as tx:
            await tx.run("INSERT INTO written (token) VALUES (:token)", token=token)
            await hold(chance)

    async def remove_newest(self) -> None:
        async with self._engines[0].writing() as tx:
            await tx.run("DELETE FROM written WHERE pos = (SELECT MAX(pos) FROM written)")

    async def read(self, after: int) -> Sequence[Seen]:
        async with self._engines[0].reading() as tx:
            sql = "SELECT pos, token FROM written WHERE pos > :after ORDER BY pos LIMIT :limit"
            return [Seen(*row) for row in await tx.all(sql, after=after, limit=_PAGE)]


class Unlocked(PostgresEngine):
    """The register's engine without the one rule that makes its writers follow one another."""

    async def _lock_head(self, connection: Connection) -> None:
        """Let the writers of all processes write at once."""


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
            # Asked before: what is committed while an empty page is read comes with the next.
            was_over = is_over.is_set()
            if not await self._read_once() and was_over:
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
        async with asyncio.TaskGroup() as writers:
            for number in range(WRITERS):
                writers.create_task(_write(feed, tokens, random.Random(seed + number)))
        is_over.set()
    return await list_tokens(feed) - reader.seen


async def list_tokens(feed: Feed) -> set[int]:
    """Return everything that stands in a feed."""
    everything = Reader(feed)
    is_over = asyncio.Event()
    is_over.set()
    await everything.read_until(is_over)
    return everything.seen


async def _write(feed: Feed, tokens: Iterator[int], chance: random.Random) -> None:
    for token in tokens:
        try:
            await feed.append(token, chance)
        except Undone:
            continue
        if chance.random() < _REMOVED:
            await feed.remove_newest()
