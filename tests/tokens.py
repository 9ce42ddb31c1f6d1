"""Gives a script a token for a register that nobody serves; the register signs its account.

TEST DATA throughout.
"""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import msgspec

from api.access import Role
from api.app import open_register
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.register import Register
from api.sessions.routes import issue_token
from sync.document import read_document
from sync.keys import new_private_key, public_jwk
from tests import makers
from tests.engines import settings_for
from tests.makers import SANGKAT_4

_HOUR_MS = 3_600_000


async def make_token(
    data: Path, role: Role, scopes: Sequence[str] = (), *, place: str = SANGKAT_4
) -> str:
    """Return a token of a new account with this role in a place."""
    async with open_register(await settings_for(data)) as register:
        account_id = await grant(register, role, scopes, place)
        return await issue_token(
            register, account_id, kid=None, scopes=tuple(scopes), lifetime=(_HOUR_MS, None)
        )


async def verify(data: Path, account_ids: Sequence[UUID]) -> None:
    """Let the register itself verify these owners."""
    async with open_register(await settings_for(data)) as register:
        items = [
            register.composer.compose(
                "verification", {"account_id": account_id}, after=[account_id]
            )
            for account_id in account_ids
        ]
        prepared = [register.folder.prepare(read_document(item)) for item in items]
        await register.committer.submit([Sent(one, Pusher(None)) for one in prepared])


async def grant(register: Register, role: Role, scopes: Sequence[str], place: str) -> UUID:
    """Return the account that now has the role."""
    jwk = msgspec.to_builtins(public_jwk(new_private_key()))
    body = {"jwk": jwk, "capacity": "client", "language": "en"}
    contact = makers.make_contact()
    account = register.composer.compose("account", body, disclosed={"contact": contact})
    account_id = read_document(account).id
    rights = {"account_id": account_id, "role": role, "places": [place], "scopes": scopes}
    given = register.composer.compose("grant", rights, after=[account_id])
    prepared = [register.folder.prepare(read_document(item)) for item in (account, given)]
    await register.committer.submit([Sent(one, Pusher(None)) for one in prepared])
    return account_id
