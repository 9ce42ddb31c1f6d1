"""Runs SQLite's statements on a connection's thread, as many as may go together in one hop.

A hop to the thread and back costs as much as a small statement ten times over, so that what needs
no answer waits for the next statement that does, readers of one thing each ask together, and a
transaction that waits for nothing else goes there as a whole.
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import aiosqlite

from api.database.engine import Parameter, Row, Value, Work

S = TypeVar("S")
T = TypeVar("T")
_Step = Callable[[sqlite3.Connection], object]
_LIST: Final = re.compile(r"IN \(:(\w+)\)")
_NAME: Final = re.compile(r":(\w+)")


@lru_cache(maxsize=512)
def _expand(sql: str, sizes: tuple[tuple[str, int], ...]) -> str:
    lengths = dict(sizes)

    def names(match: re.Match[str]) -> str:
        name = match.group(1)
        return f"IN ({', '.join(f':{name}_{n}' for n in range(lengths[name]))})"

    return _LIST.sub(names, sql)


def _bind(sql: str, parameters: Mapping[str, Parameter]) -> tuple[str, dict[str, Value]]:
    """Write lists out, padded to a power of two so that statements stay cached."""
    plain: dict[str, Value] = {}
    sizes: list[tuple[str, int]] = []
    for name, value in parameters.items():
        if isinstance(value, str | bytes | int | float | None):
            plain[name] = value
            continue
        size = 1 << (len(value) - 1).bit_length()
        sizes.append((name, size))
        padded = [*value, *[value[-1]] * (size - len(value))]
        plain.update((f"{name}_{n}", part) for n, part in enumerate(padded))
    return (_expand(sql, tuple(sizes)) if sizes else sql), plain


class Worker(aiosqlite.Connection):
    """A connection that does several things in one hop to its thread."""

    async def hop(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function of the connection on its thread."""
        return await self._execute(work, self._conn)

    if TYPE_CHECKING:  # aiosqlite leaves this untyped

        async def _execute(self, fn: Callable[..., T], *_given: Any, **_named: Any) -> T: ...


class Hop(Protocol):
    """A way to the thread of a connection."""

    async def __call__(self, work: Callable[[sqlite3.Connection], T], /) -> T:
        """Return what a function of the connection returns there."""
        ...


class SqliteTransaction:
    """A transaction on one connection, in the terms of the seam.

    What asks for no answer waits and goes to the thread with the next statement that does, or with
    the commit; so does the beginning.
    """

    def __init__(self, hop: Hop, begin: str | None) -> None:
        """Begin with this statement; None for what runs outside any transaction."""
        self._hop = hop
        self._waiting: list[_Step] = [] if begin is None else [partial(_run_one, begin, {})]

    async def all(self, sql: str, /, **parameters: Parameter) -> list[Row]:
        """Return every row."""
        return await self._ask(partial(_fetch, *_bind(sql, parameters)))

    async def all_each(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> list[Row]:
        """Return every row of a statement run once for each of these, in one hop."""
        return await self._ask(partial(_fetch_each, sql, rows)) if rows else []

    async def one(self, sql: str, /, **parameters: Parameter) -> Row | None:
        """Return the first row, or None."""
        rows = await self.all(sql, **parameters)
        return rows[0] if rows else None

    async def run(self, sql: str, /, **parameters: Parameter) -> int:
        """Run a statement; return how many rows it changed."""
        return await self._ask(partial(_run_one, *_bind(sql, parameters)))

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement once for each row, at the latest when the transaction commits."""
        if rows:
            self._waiting.append(partial(_run_each, sql, rows))

    async def commit(self) -> None:
        """Carry out what waits and make it durable."""
        await self._ask(sqlite3.Connection.commit)

    async def _ask(self, last: Callable[[sqlite3.Connection], T]) -> T:
        waiting, self._waiting = self._waiting, []
        return await self._hop(partial(_carry_out, waiting, last) if waiting else last)


def write_here(work: Work[T], connection: sqlite3.Connection) -> T:
    """Carry out a whole writing transaction on the connection's thread, and make it durable."""

    async def stay(step: Callable[[sqlite3.Connection], S]) -> S:
        return step(connection)

    async def commit() -> T:
        tx = SqliteTransaction(stay, "BEGIN IMMEDIATE")
        result = await work(tx)
        await tx.commit()
        return result

    try:
        return _go_through(commit())
    except BaseException:
        connection.rollback()
        raise


def read_here(work: Work[T], connection: sqlite3.Connection) -> T:
    """Carry out a whole read snapshot on the connection's thread."""

    async def stay(step: Callable[[sqlite3.Connection], S]) -> S:
        return step(connection)

    async def read() -> T:
        return await work(SqliteTransaction(stay, "BEGIN"))

    try:
        return _go_through(read())
    finally:
        connection.rollback()


def _go_through(work: Coroutine[Any, Any, T]) -> T:
    """Run what never waits, without a loop; raises RuntimeError when it does wait."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    work.close()
    raise RuntimeError("a transaction is all that may be awaited in it")


def _carry_out(
    steps: Sequence[_Step], last: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection
) -> T:
    for step in steps:
        step(connection)
    return last(connection)


def _fetch(sql: str, bound: Mapping[str, Value], connection: sqlite3.Connection) -> list[Row]:
    return connection.execute(sql, bound).fetchall()


def _fetch_each(
    sql: str, rows: Sequence[Mapping[str, Value]], connection: sqlite3.Connection
) -> list[Row]:
    return [found for row in rows for found in connection.execute(sql, row)]


def _run_one(sql: str, bound: Mapping[str, Value], connection: sqlite3.Connection) -> int:
    return connection.execute(sql, bound).rowcount


def _run_each(
    sql: str, rows: Sequence[Mapping[str, Value]], connection: sqlite3.Connection
) -> None:
    by_place, names = _by_place(sql)
    connection.executemany(by_place, ([row[name] for name in names] for row in rows))


@lru_cache(maxsize=512)
def _by_place(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return the statement with parameters by place: SQLite looks names up again for every row."""
    return _NAME.sub("?", sql), tuple(_NAME.findall(sql))


class Glances:
    """Readers that ask one thing each: those that wait for the thread ask in one hop."""

    def __init__(self, reader: Worker, turn: asyncio.Lock) -> None:
        """Share the reader with whoever holds its snapshot for longer."""
        self.reader = reader
        self._turn = turn
        self._waiting: list[_Question] = []

    async def ask(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        """Return the answer, or raise what SQLite raised for this question alone."""
        question = _Question(ask)
        self._waiting.append(question)
        async with self._turn:
            if not question.is_answered:
                await self._ask_all()
        if question.error is not None:
            raise question.error
        answer: T = question.answer
        return answer

    async def _ask_all(self) -> None:
        asked = self._waiting[:]
        await self.reader.hop(partial(_answer_all, asked))
        # Only now: when this task is cancelled before, somebody else asks for those who wait.
        del self._waiting[: len(asked)]


class _Question:
    def __init__(self, ask: _Step) -> None:
        self.ask = ask
        self.is_answered = False
        self.answer: Any = None
        self.error: sqlite3.Error | None = None


def _answer_all(questions: Sequence[_Question], connection: sqlite3.Connection) -> None:
    for question in questions:
        try:
            question.answer = question.ask(connection)
        except sqlite3.Error as error:
            question.error = error
        question.is_answered = True
