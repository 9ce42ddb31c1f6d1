"""Finding the owner who stands before the officer, by the code on his phone."""

from typing import Annotated, Final

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from api.answers import tag
from api.ledger.reading_store import load_disclosures
from api.verification import rules, store
from api.verification.records import PendingAccount
from api.views.looking import note_part
from api.views.reading import Reading

_NAMELESS: Final = ("auditor",)
Code = Annotated[str, QueryParameter(max_length=20)]


@get("/v1/accounts", opt={"operation": "accounts.read"})
async def list_pending(
    reading: NamedDependency[Reading], code: Code = ""
) -> Response[list[PendingAccount]]:
    """Return unverified owners with premises in the officer's places, or the one of a code."""
    register, log = reading.register, reading.register.log
    async with register.engine.reading() as tx:
        pending = await store.list_pending(tx, log, reading.scope, rules.read_code(code))
        ids = [account.account_id for account, _ in pending]
        is_nameless = reading.principal.role in _NAMELESS
        texts = {} if is_nameless else await load_disclosures(tx, log, ids)
    await note_part(register, reading.principal, "accounts.list", len(texts), None)
    return tag(
        [
            rules.describe(account, ms, texts.get(account.account_id, {}).get("contact"))
            for account, ms in pending
        ]
    )
