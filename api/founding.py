"""What every log begins with: the register's own account, then the orders and pledge texts shipped.

Every start repeats it: what the log already holds is left as it stands.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from api.accounts.store import list_devices
from api.database.engine import Transaction
from api.ledger.group import Sent
from api.ledger.reading_store import find_positions
from api.ledger.records import Pusher
from api.orders import store as orders_store
from api.pledges import store as pledges_store
from api.register import Register
from api.standing import check_belonging
from sync.document import read_document, uuid7
from sync.keys import public_jwk
from sync.messages import Item


async def found(register: Register) -> None:
    """Make the register an author of its log, and put down what it ships with."""
    await _found_account(register)
    await _found_texts(register)


async def _found_account(register: Register) -> None:
    """Register the gateway key in an empty log; raises KeysBroken where it is another's by now."""
    async with register.engine.reading() as tx:
        known = await list_devices(tx, register.log, [register.keys.gateway_kid])
    if known:
        return
    item = register.composer.compose(
        "account",
        {
            "jwk": msgspec.to_builtins(public_jwk(register.keys.gateway)),
            "capacity": "register",
            "language": "km",
        },
        document_id=uuid7(register.clock()),
        disclosed={"contact": {"name": "register", "phone": ""}},
    )
    sent = [Sent(register.folder.prepare(read_document(item)), Pusher(None))]
    # Another process may have founded the log with other keys since this one looked.
    await register.committer.submit_whole(sent, partial(_check_belonging, register))


async def _check_belonging(register: Register, tx: Transaction) -> None:
    await check_belonging(tx, register.log, register.settings.keys_dir)


async def _found_texts(register: Register) -> None:
    shipped: dict[UUID, tuple[str, Any]] = {
        **{known.id: ("pledge_text", known.text) for known in pledges_store.load_shipped()},
        **{known.id: ("order", known.order) for known in orders_store.load_shipped()},
    }
    async with register.engine.reading() as tx:
        positions = await find_positions(tx, register.log, list(shipped))
    items = [
        register.composer.compose(kind, msgspec.to_builtins(body), document_id=document_id)
        for document_id, (kind, body) in shipped.items()
        if document_id not in positions
    ]
    await _submit(register, items)


async def _submit(register: Register, items: Sequence[Item]) -> None:
    prepared = [register.folder.prepare(read_document(item)) for item in items]
    await register.committer.submit([Sent(one, Pusher(None)) for one in prepared])
