"""The first entry of every log: the register's own account, author of what it signs."""

import msgspec

from api.accounts.store import list_devices
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.register import Register
from sync.document import read_document, uuid7
from sync.keys import public_jwk


async def found(register: Register) -> None:
    """Register the gateway key in an empty log, or a new gateway key in a log that goes on."""
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
    prepared = register.folder.prepare(read_document(item))
    await register.committer.submit([Sent(prepared, Pusher(None))])
