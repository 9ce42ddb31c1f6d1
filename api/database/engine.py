"""The seam between stores and engines: a transaction runs SQL text with named parameters."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

T = TypeVar("T")
Value = str | int | float | bytes | None
Parameter = Value | Sequence[Value]
Row = tuple[Any, ...]
Work = Callable[["Transaction"], Coroutine[Any, Any, T]]


class AlreadyServed(RuntimeError):
    """Another process writes this register; there must be one writer (security.md)."""


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

    async def find_damage(self) -> list[str]:
        """Return a line for each thing that the engine itself finds wrong with what it stores.

        Rows that an index lacks are not shown to who asks by it: no query can be trusted to see it.
        """
        ...


@runtime_checkable
class Engine(Protocol):
    """A database with one writer; everything above it is shared by SQLite and PostgreSQL."""

    def writing(self) -> AbstractAsyncContextManager[Transaction]:
        """Open the one writing transaction: durable when the block ends, undone when it raises."""
        ...

    async def write(self, work: Work[T]) -> T:
        """Return what `work` returns once its writing transaction is durable; undone if it raises.

        It may await nothing but its transaction: an engine that has a thread of its own carries
        all of it out there, where a statement costs no hop.
        """
        ...

    async def insist(self, work: Work[T]) -> T:
        """Write as `write` does, once more out of the reserve when the disk is found full.

        For what reading rests on, and nothing else; `work` may run twice.
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
