"""Reads orders: those shipped with the program, and those that the log holds."""

from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from api.database.engine import Transaction
from api.orders.records import KnownOrder, Order

_SHIPPED: Final = Path(__file__).parent / "orders.json"
_read: Final = msgspec.json.Decoder(Order).decode


@cache
def load_shipped() -> tuple[KnownOrder, ...]:
    """Return the orders that every register starts with."""
    return msgspec.json.decode(_SHIPPED.read_bytes(), type=tuple[KnownOrder, ...])


async def list_orders(tx: Transaction, log: str) -> list[KnownOrder]:
    """Return every order of the log as it stands, oldest first."""
    rows = await tx.all(
        "SELECT entity, body FROM entities WHERE log = :log AND kind = 'order'"
        " ORDER BY created_pos",
        log=log,
    )
    return [KnownOrder(UUID(bytes=row[0]), _read(row[1])) for row in rows]
