"""Accounts as the operator gives and takes them: invitations, programs and tokens, an end."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta, Struct

from api.access import SCOPES, Role
from api.accounts import store
from api.accounts.records import AccountRow, RevocationReason
from api.database.engine import Transaction
from api.invitations.issuing import Invited, check_places, make_invitation
from api.ledger.reading_store import load_disclosures
from api.ledger.values import Code, ShortText
from api.problems import NotFound, Unprocessable
from api.register import Register
from api.sessions.routes import issue_token
from api.sessions.store import count_tokens, forget_tokens
from api.submitting import submit
from sync.document import open_disclosure, uuid7
from sync.instants import write_instant
from sync.keys import PublicJwk, is_public_key, thumbprint
from sync.messages import FieldError

_DAY_MS: Final = 86_400_000
_NOT_INVITED: Final = ("client", "node", "register")
PLACED: Final = ("officer", "district", "client", "node")
Places = Annotated[tuple[Code, ...], Meta(max_length=100)]


class Inviting(Struct, frozen=True):
    """A role over places, for whoever brings the code."""

    role: Role
    places: Places = ()


class Opening(Struct, frozen=True, kw_only=True):
    """A new account of a program."""

    role: Role = "client"
    places: Places = ()
    scopes: Annotated[tuple[Code, ...], Meta(max_length=20)] = ()
    name: ShortText = "program"


class Issuing(Opening, frozen=True, kw_only=True):
    """A token for a new account of a program, or for an account that exists."""

    days: Annotated[int, Meta(ge=1, le=366)] = 30
    account_id: UUID | None = None


class Issued(Struct, frozen=True):
    """The token, shown once."""

    token: str
    account_id: UUID
    role: Role
    places: tuple[str, ...]
    scopes: tuple[str, ...]
    expires_at: str


class Enrolling(Opening, frozen=True, kw_only=True):
    """The public key with which a new program signs in by itself (private_key_jwt)."""

    role: Literal["client", "node"] = "client"
    key: PublicJwk


class Enrolled(Struct, frozen=True):
    """The key by its thumbprint, and its account."""

    kid: str
    account_id: UUID


class Listed(Struct, frozen=True):
    """An account, how many keys and tokens still open it, and for a program its name."""

    account: AccountRow
    keys: int
    tokens: int
    name: str | None = None


class Disabling(Struct, frozen=True):
    """Why the keys of an account end; with `lost` or `stolen` what they still send is held."""

    reason: RevocationReason = "left"


class AccountsController(Controller):
    """People and programs."""

    path = "/accounts"

    @get()
    async def list(
        self, register: NamedDependency[Register], role: FromQuery[str | None] = None
    ) -> list[Listed]:
        """Return every account, or those of a role: nobody's name, no telephone numbers."""
        log, now_ms = register.log, register.clock()
        async with register.engine.reading() as tx:
            accounts = await store.list_all_accounts(tx, log)
            keys = await store.count_keys(tx, log)
            tokens = await count_tokens(tx, log, now_ms)
            programs = [one.account_id for one in accounts if one.capacity == "client"]
            names = await _load_names(tx, log, programs)
        return [
            Listed(account, keys[one], tokens[one], names.get(one))
            for one, account in ((account.account_id, account) for account in accounts)
            if role in (None, account.role)
        ]

    @post("/invitations")
    async def invite(
        self, register: NamedDependency[Register], data: JSONBody[Inviting]
    ) -> Invited:
        """Make a code that gives one account a role."""
        if data.role in _NOT_INVITED:
            raise Unprocessable("schema", errors=(FieldError("/role", "field.value"),))
        _check_reach(register, data.role, data.places)
        return await make_invitation(register, data.role, data.places)

    @post("/tokens")
    async def issue(self, register: NamedDependency[Register], data: JSONBody[Issuing]) -> Issued:
        """Make a token, with a new account of a program unless one is named."""
        if data.account_id is None:
            _check_reach(register, data.role, data.places)
        return await make_token(register, data)

    @post("/keys")
    async def enrol(
        self, register: NamedDependency[Register], data: JSONBody[Enrolling]
    ) -> Enrolled:
        """Open an account for a program that signs in with its own key."""
        _check_reach(register, data.role, data.places)
        _check_scopes(data)
        kid = await _check_key(register, data.key)
        return Enrolled(kid, await _open_account(register, data, data.key))

    @post("/{account_id:uuid}/disabling")
    async def disable(
        self,
        register: NamedDependency[Register],
        account_id: FromPath[UUID],
        data: JSONBody[Disabling],
    ) -> AccountRow:
        """End the sessions and keys of an account; what it wrote stands."""
        account = await find_account(register, account_id)
        async with register.engine.reading() as tx:
            devices = await store.list_account_devices(tx, register.log, account_id)
        revocations = [
            register.composer.compose("revocation", {"reason": data.reason, "kid": device.kid})
            for device in devices
            if device.revoked_ms is None
        ]
        await submit(register, revocations)
        end = partial(forget_tokens, log=register.log, account_id=account_id)
        await register.engine.write(end)
        return account


def _check_reach(register: Register, role: Role, places: tuple[str, ...]) -> None:
    """Refuse a role without the places that it needs, or with places that it does not have."""
    wanted = bool(places) if role in PLACED else set(places) <= {register.log}
    if not wanted:
        code = "field.value" if places else "field.required"
        raise Unprocessable("schema", errors=(FieldError("/places", code),))


async def _load_names(tx: Transaction, log: str, programs: Sequence[UUID]) -> dict[UUID, str]:
    """Return what the operator called these programs."""
    told = await load_disclosures(tx, log, programs)
    return {
        account_id: str(open_disclosure(texts["contact"]).get("name", ""))
        for account_id, texts in told.items()
        if "contact" in texts
    }


async def make_token(register: Register, issuing: Issuing) -> Issued:
    """Open an account for a program unless one is named, and return a token for it."""
    _check_scopes(issuing)
    account_id = issuing.account_id or await _open_account(register, issuing)
    account = await find_account(register, account_id)
    scopes = issuing.scopes or account.scopes
    lifetime_ms = issuing.days * _DAY_MS
    token = await issue_token(
        register, account_id, kid=None, scopes=scopes, lifetime=(lifetime_ms, None)
    )
    expires_at = write_instant(register.clock() + lifetime_ms)
    return Issued(token, account_id, account.role, account.places, scopes, expires_at)


def _check_scopes(opening: Opening) -> None:
    if unknown := set(opening.scopes) - SCOPES:
        raise Unprocessable("schema", errors=(FieldError("/scopes", "field.value"),) * len(unknown))


async def _check_key(register: Register, key: PublicJwk) -> str:
    """Return the thumbprint of a key that is new and was never revoked; raises Unprocessable."""
    kid = thumbprint(key)
    async with register.engine.reading() as tx:
        rights = await store.load_rights(tx, register.log, [kid], [], [])
    if kid in rights.devices or kid in rights.early or not is_public_key(key):
        raise Unprocessable("schema", errors=(FieldError("/key", "field.value"),))
    return kid


async def _open_account(register: Register, opening: Opening, key: PublicJwk | None = None) -> UUID:
    account_id = uuid7(register.clock())
    signing = {} if key is None else {"jwk": msgspec.to_builtins(key)}
    account = register.composer.compose(
        "account",
        {"capacity": "client", "language": "en", **signing},
        document_id=account_id,
        disclosed={"contact": {"name": opening.name}},
    )
    rights = {
        "account_id": account_id,
        "role": opening.role,
        "places": check_places(register, opening.places),
        "scopes": opening.scopes,
    }
    grant = register.composer.compose("grant", msgspec.to_builtins(rights), after=[account_id])
    await submit(register, [account, grant])
    return account_id


async def find_account(register: Register, account_id: UUID) -> AccountRow:
    """Return an account; raises NotFound."""
    async with register.engine.reading() as tx:
        accounts = await store.list_accounts(tx, register.log, [account_id])
    if not accounts:
        raise NotFound
    return accounts[0]
