"""The seam between stores and engines: a transaction runs SQL text with named parameters."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")
Dialect = Literal["sqlite", "postgresql"]
Value = str | int | float | bytes | None
Parameter = Value | Sequence[Value]
Row = tuple[Any, ...]
Work = Callable[["Transaction"], Coroutine[Any, Any, T]]


class AlreadyServed(RuntimeError):
    """Another process writes this register; there must be one writer (security.md)."""


class Unreachable(RuntimeError):
    """A database that does not let us in; said without its address, which may hold a password."""

    def __init__(self, why: str, *, may_pass: bool) -> None:
        """Say why, and whether the same may succeed later."""
        super().__init__(why)
        self.may_pass = may_pass


class DataRefused(RuntimeError):
    """What a server says of data that it cannot read, or not change so; never a value of a row."""


@runtime_checkable
class Transaction(Protocol):
    """A transaction or read snapshot; `IN (:names)` takes a non-empty sequence as parameter."""

    async def all(self, sql: str, /, **parameters: Parameter) -> list[Row]:
        """Return every row."""
        ...

    async def all_each(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> list[Row]:
        """Return every row of a statement run once for each of these, one after the other."""
        ...

    async def one(self, sql: str, /, **parameters: Parameter) -> Row | None:
        """Return the first row, or None."""
        ...

    async def run(self, sql: str, /, **parameters: Parameter) -> int:
        """Run a statement; return how many rows it changed."""
        ...

    async def run_many(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement once for each row."""
        ...


@runtime_checkable
class Snapshot(Transaction, Protocol):
    """A read snapshot of data that nobody believes yet."""

    async def is_begun(self) -> bool:
        """Return whether a register was ever made in it."""
        ...

    async def list_schema(self) -> dict[tuple[str, str], str]:
        """Return what every table, index, trigger and function is made of, by kind and name.

        By both: a trigger and an index, or a table, may have the same name.
        """
        ...

    async def find_damage(self) -> list[str]:
        """Return a line for each thing that the engine itself finds wrong with what it stores.

        Rows that an index lacks are not shown to who asks by it: no query can be trusted to see it.
        """
        ...


@runtime_checkable
class Filling(Transaction, Protocol):
    """A transaction that also takes rows as another database held them."""

    async def fill(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows with all their columns in order; raises ValueError for one that does not fit."""
        ...


class Migrated(Protocol):
    """What migrations are applied to."""

    @property
    def dialect(self) -> Dialect:
        """Whose SQL they have to speak where the two differ."""
        ...

    def migrating(self) -> AbstractAsyncContextManager[Transaction]:
        """Open the transaction that changes the schema, when there may be no table yet."""
        ...

    def split_script(self, script: str) -> list[str]:
        """Return a migration's text in the parts that can be run at once."""
        ...

    async def begin_log(self, tx: Transaction) -> None:
        """Make what the log's first entry needs of the engine; repeated it does nothing."""
        ...


@runtime_checkable
class Engine(Migrated, Protocol):
    """One log in a database; everything above it is shared by SQLite and PostgreSQL.

    Writing transactions follow one another: each reads what the one before it left. Those of other
    processes too, where the database `is_shared`.
    """

    @property
    def is_shared(self) -> bool:
        """Whether other processes may write the same log while this one serves it."""
        ...

    def writing(self) -> AbstractAsyncContextManager[Transaction]:
        """Open the one writing transaction: durable when the block ends, undone when it raises."""
        ...

    async def write(self, work: Work[T]) -> T:
        """Return what `work` returns once its writing transaction is durable; undone if it raises.

        It may await nothing but its transaction: an engine that has a thread of its own carries
        all of it out there, where a statement costs no hop. It may run more than once: an engine
        that is reached over a network repeats what a conflict or a lost connection undid.
        """
        ...

    async def insist(self, work: Work[T]) -> T:
        """Write as `write` does, once more out of the reserve when the disk is found full.

        For what reading rests on, and nothing else.
        """
        ...

    async def read(self, work: Work[T]) -> T:
        """Return what `work` returns of one read snapshot; it may await nothing else either."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """Open one read snapshot."""
        ...

    def glancing(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a reader for one statement, which is a snapshot by itself and costs one hop."""
        ...

    async def is_begun(self) -> bool:
        """Return whether a register was ever made in the database."""
        ...

    async def check(self) -> dict[str, str]:
        """Return what durability rests on; raises RuntimeError when it does not hold.

        Raises Overloaded, after a few seconds at most, while nothing can be written.
        """
        ...

    async def hold_room(self) -> None:
        """Keep a reserve of space from now on; the first write that finds the disk full frees it.

        What remains is for `insist`: who collects asks `has_room` first.
        """
        ...

    async def has_room(self) -> bool:
        """Return whether more may be collected; takes the reserve back once there is space."""
        ...

    @property
    def copy_name(self) -> str:
        """What a copy is called in a backup, so that no other engine takes it for its own."""
        ...

    async def backup(self, target: Path) -> None:
        """Write a consistent copy while the register goes on; ends soon when it is cancelled."""
        ...

    async def close(self) -> None:
        """Close every connection and release the lock."""
        ...
