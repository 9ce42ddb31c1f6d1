"""Tables of PostgreSQL made or changed in a transaction that is there already."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from api.database.engine import Dialect, Transaction
from api.database.held import PostgresSnapshot


class Apart:
    """What `migrate` needs of an engine, in one transaction that is there already."""

    dialect: Dialect = "postgresql"

    def __init__(self, tx: PostgresSnapshot, log: str) -> None:
        """Work in the schema that comes first on the transaction's path."""
        self._tx = tx
        self._log = log

    @asynccontextmanager
    async def migrating(self) -> AsyncGenerator[Transaction]:
        """Give the transaction."""
        yield self._tx

    def split_script(self, script: str) -> list[str]:
        """Return the script whole."""
        return [script]

    async def begin_log(self, tx: Transaction) -> None:
        """Begin the log there as well."""
        await begin_log(tx, self._log)


async def begin_log(tx: Transaction, log: str) -> None:
    """Give a log its partitions and the row that its writers lock, where they are missing."""
    await tx.one("SELECT sangkat_begin_log(:log)", log=log)
