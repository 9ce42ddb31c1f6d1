"""Connections to PostgreSQL, and what their failures mean; apart because asyncpg has no types."""

from collections.abc import AsyncIterator, Generator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from importlib import import_module
from socket import gaierror
from ssl import SSLError
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from api.database.engine import DataRefused, Unreachable
from api.problems import Overloaded, StorageFull

_asyncpg: Final[Any] = import_module("asyncpg")

_COMMAND_SECONDS_MAX: Final = 30
_CONNECT_SECONDS_MAX: Final = 5
_CACHED_STATEMENTS: Final = 512
_CACHE_SIZE: Final = "statement_cache_size"

# What passes by itself: a conflict, a server that is stopping, starting or no longer the leader.
PASSING: Final[tuple[type[Exception], ...]] = (
    _asyncpg.SerializationError,
    _asyncpg.DeadlockDetectedError,
    _asyncpg.LockNotAvailableError,
    _asyncpg.PostgresConnectionError,
    _asyncpg.OperatorInterventionError,
    _asyncpg.ReadOnlySQLTransactionError,
    _asyncpg.TooManyConnectionsError,
    _asyncpg.IdleInTransactionSessionTimeoutError,
    _asyncpg.InterfaceError,
    # What a connection says that was lost while it was asked.
    _asyncpg.InternalClientError,
    ConnectionError,
    TimeoutError,
    gaierror,
)
NO_SPACE: Final[type[Exception]] = _asyncpg.DiskFullError
# What another role, or a grant to this one, would be let do: what is said of it names no value.
_FORBIDDEN: Final[Any] = (_asyncpg.InsufficientPrivilegeError, _asyncpg.UndefinedObjectError)
_FAILED: Final[Any] = _asyncpg.PostgresError
# Of these classes what the server says names objects of the schema and no value.
_SAYABLE: Final = ("42", "XX")
UNFIT: Final[tuple[type[Exception], ...]] = (
    _asyncpg.DataError,
    _asyncpg.IntegrityConstraintViolationError,
)
_REFUSED: Final[tuple[type[Exception], ...]] = (_asyncpg.PostgresError, ValueError, OSError)


class Connection(Protocol):
    """What is asked of one of asyncpg's connections, taken from a pool or not."""

    async def fetch(self, sql: str, /, *values: object) -> list[Iterable[Any]]: ...

    async def fetchrow(self, sql: str, /, *values: object) -> Iterable[Any] | None: ...

    async def execute(self, sql: str, /, *values: object) -> str: ...

    async def executemany(self, sql: str, rows: Sequence[Sequence[object]], /) -> None: ...

    async def copy_to_table(
        self, table: str, /, *, source: AsyncIterator[bytes], columns: Sequence[str]
    ) -> str: ...

    async def copy_records_to_table(
        self, table: str, /, *, records: Sequence[Sequence[object]]
    ) -> str: ...

    def is_closed(self) -> bool: ...

    def terminate(self) -> None: ...

    async def close(self) -> None: ...


class Pool(Protocol):
    """What is asked of asyncpg's pool."""

    def acquire(self) -> AbstractAsyncContextManager[Connection]: ...

    async def close(self) -> None: ...

    def terminate(self) -> None: ...


async def open_pool(dsn: str, connections_max: int) -> Pool:
    """Connect to `postgresql://…`; raises Unreachable.

    `?statement_cache_size=0` is for a pgbouncer that knows no prepared statements; other
    parameters are the server's own.
    """
    address, cached = _take_cache_size(dsn)
    with _connecting():
        pool: Pool = await _asyncpg.create_pool(
            address,
            min_size=1,
            max_size=connections_max,
            command_timeout=_COMMAND_SECONDS_MAX,
            timeout=_CONNECT_SECONDS_MAX,
            connect=_reach,
            statement_cache_size=cached,
            max_cached_statement_lifetime=0,
            reset=_leave_as_it_is,
        )
    return pool


async def connect(dsn: str) -> Connection:
    """Open one connection, without a limit to how long a statement takes; raises Unreachable."""
    address, cached = _take_cache_size(dsn)
    with _connecting():
        connection: Connection = await _reach(address, statement_cache_size=cached)
    return connection


async def _reach(*given: Any, **more: Any) -> Any:
    """Connect; whatever keeps this machine from reaching the server passes by itself.

    No route, no socket of a server that is stopped, several addresses that all refuse: the system
    has a word for each. A certificate that does not hold is none of them.
    """
    try:
        return await _asyncpg.connect(*given, **more)
    except SSLError:
        raise
    except OSError as error:
        raise ConnectionError("not reached") from error


def lead_to(dsn: str, schema: str) -> str:
    """Return an address at which tables without a schema's name are those of this one."""
    parts = urlsplit(dsn)
    given = {**dict(parse_qsl(parts.query, keep_blank_values=True)), "search_path": schema}
    return urlunsplit(parts._replace(query=urlencode(given)))


async def _leave_as_it_is(connection: object) -> None:
    """Spare the way to the server: nothing here outlives a transaction."""
    del connection


def _take_cache_size(dsn: str) -> tuple[str, int]:
    """Return the address without the one parameter that is ours, and its value."""
    parts = urlsplit(dsn)
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    cached = int(given.pop(_CACHE_SIZE, _CACHED_STATEMENTS))
    return urlunsplit(parts._replace(query=urlencode(given))), cached


@contextmanager
def _connecting() -> Generator[None]:
    """Raise Unreachable, without the address."""
    try:
        yield
    except PASSING as error:
        raise Unreachable("PostgreSQL does not answer", may_pass=True) from error
    except _REFUSED as error:
        why = f"PostgreSQL does not let us in: {type(error).__name__}"
        raise Unreachable(why, may_pass=False) from error


@contextmanager
def translating() -> Generator[None]:
    """Raise StorageFull, Overloaded for what passes, Unreachable for what this role may not do."""
    try:
        yield
    except NO_SPACE as error:
        raise StorageFull from error
    except PASSING as error:
        raise Overloaded from error
    except _FORBIDDEN as error:
        why = f"PostgreSQL does not let this role do it: {error.message}"
        raise Unreachable(why, may_pass=False) from error


@contextmanager
def telling() -> Generator[None]:
    """Raise DataRefused for what does not pass."""
    try:
        with translating():
            yield
    except _FAILED as error:
        said = type(error).__name__
        if error.sqlstate.startswith(_SAYABLE):
            said += f": {error.message}"
        raise DataRefused(f"PostgreSQL: {said}") from error
