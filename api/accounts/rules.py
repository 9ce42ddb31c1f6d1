"""How accounts fold, and whether the author of a document may write it: pure."""

import hashlib
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from api.accounts.records import (
    Account,
    AccountRow,
    DeviceRow,
    EarlyRevocation,
    Grant,
    GrantRow,
    Revocation,
    RevocationReason,
    Verification,
)
from api.ledger.records import Entity, Entry, Tracked
from sync.instants import read_instant
from sync.keys import thumbprint
from sync.messages import FieldError

GRACE_MS: Final = 30 * 86_400_000
UNVERIFIED_PREMISES_MAX: Final = 3
UNVERIFIED_STAYS_MAX: Final = 500
_WORST: Final = ("lost", "stolen")
_CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 6
_ANY_INSTANT: Final = "2022-09-24T16:59:59.000Z"


class Rights(Struct):
    """The accounts, keys and grants that one transaction needs."""

    accounts: Tracked[UUID, AccountRow]
    devices: Tracked[str, DeviceRow]
    grants: Tracked[UUID, GrantRow]
    early: Tracked[str, EarlyRevocation]
    homes: dict[UUID, frozenset[str]] = {}


def check_grant(grant: Grant, disclosed: Mapping[str, object]) -> tuple[FieldError, ...]:
    """Return the error of an end that is no instant, or of the one role that nobody is given."""
    del disclosed
    if grant.role == "register":
        return (FieldError("/body/role", "field.value"),)
    try:
        read_instant(grant.expires_at or _ANY_INSTANT)
    except ValueError:
        return (FieldError("/body/expires_at", "field.date"),)
    return ()


def check_revocation(
    revocation: Revocation, disclosed: Mapping[str, object]
) -> tuple[FieldError, ...]:
    """Return the error of a revocation that names not exactly one key or grant."""
    del disclosed
    if (revocation.kid is None) != (revocation.grant_id is None):
        return ()
    return (FieldError("/body/kid", "field.value"),)


def verification_code(kid: str) -> str:
    """Return the short code that an officer compares with the phone's screen."""
    digest = int.from_bytes(hashlib.sha256(f"sangkat verify {kid}".encode()).digest())
    letters: list[str] = []
    for _ in range(_CODE_LENGTH):
        digest, index = divmod(digest, len(_CODE_ALPHABET))
        letters.append(_CODE_ALPHABET[index])
    return "".join(letters)


def fold_account(rights: Rights, entry: Entry, account: Account) -> None:
    """Open an account; one that the register did not sign is unverified."""
    document = entry.document
    row = AccountRow(
        log=document.payload.log,
        account_id=document.id,
        role="register" if account.capacity == "register" else "owner",
        state="active" if account.capacity in ("register", "client") else "unverified",
        places=(),
        scopes=(),
        capacity=account.capacity,
        language=account.language,
        verification_code=verification_code(document.kid) if account.jwk else "",
        premises_count=0,
        stays_count=0,
        created_pos=entry.pos,
    )
    rights.accounts.put(row.account_id, row)
    if account.jwk is not None:
        early = rights.early.get(thumbprint(account.jwk))
        device = DeviceRow(
            log=row.log,
            kid=thumbprint(account.jwk),
            account_id=row.account_id,
            jwk=account.jwk,
            revoked_ms=None if early is None else early.revoked_ms,
            revocation_reason=None if early is None else early.revocation_reason,
        )
        rights.devices.put(device.kid, device)


def may_take(account: AccountRow, grant: Grant) -> bool:
    """Say whether an account may take a grant: a role only a new one, the register's own nothing.

    Whoever changes post is invited anew: a role is given once, with the account.
    """
    if grant.premises_id is not None or account.role == "register":
        return account.role != "register"
    is_unused = account.premises_count == account.stays_count == 0
    has_none = account.state == "unverified" or account.capacity == "client"
    return account.role == "owner" and has_none and is_unused


def fold_grant(rights: Rights, entry: Entry, grant: Grant) -> None:
    """Give an account its role and places, or a right over single premises."""
    account = rights.accounts.get(grant.account_id)
    if account is None or account.role == "register":
        return
    expires_ms = None if grant.expires_at is None else read_instant(grant.expires_at)
    if grant.premises_id is not None:
        row = GrantRow(
            log=account.log,
            grant_id=entry.document.id,
            account_id=grant.account_id,
            premises_id=grant.premises_id,
            expires_ms=expires_ms,
            is_live=True,
        )
        rights.grants.put(row.grant_id, row)
        return
    granted = replace(
        account,
        role=grant.role,
        state="active",
        places=grant.places,
        scopes=grant.scopes,
        expires_ms=expires_ms,
    )
    rights.accounts.put(account.account_id, granted)


def fold_verification(rights: Rights, verification: Verification) -> None:
    """Make an account active."""
    account = rights.accounts.get(verification.account_id)
    if account is not None:
        rights.accounts.put(account.account_id, replace(account, state="active"))


def fold_revocation(rights: Rights, entry: Entry, revocation: Revocation) -> None:
    """End a key or a grant; a key that is not registered ends when it registers."""
    if revocation.kid is not None:
        _revoke_key(rights, entry, revocation.kid, revocation.reason)
    if revocation.grant_id is not None:
        grant = rights.grants.get(revocation.grant_id)
        if grant is not None:
            rights.grants.put(grant.grant_id, replace(grant, is_live=False))


def _revoke_key(rights: Rights, entry: Entry, kid: str, reason: RevocationReason) -> None:
    """End a key; it keeps its first revocation unless a worse one follows."""
    device = rights.devices.get(kid)
    earlier = device or rights.early.get(kid)
    known = None if earlier is None else earlier.revocation_reason
    if known in _WORST or (known is not None and reason not in _WORST):
        return
    if device is not None:
        revoked = replace(device, revoked_ms=entry.received_ms, revocation_reason=reason)
        rights.devices.put(kid, revoked)
        return
    early = EarlyRevocation(
        log=entry.document.payload.log,
        kid=kid,
        revoked_ms=entry.received_ms,
        revocation_reason=reason,
    )
    rights.early.put(kid, early)


def count_written(rights: Rights, author: UUID, kind: str) -> None:
    """Count what an account created, because an unverified one is bounded."""
    account = rights.accounts.get(author)
    if account is None:
        return
    if kind == "premises":
        account = replace(account, premises_count=account.premises_count + 1)
    elif kind == "stay":
        account = replace(account, stays_count=account.stays_count + 1)
    rights.accounts.put(author, account)


def may_still_send(revoked_ms: int | None, reason: str | None, now_ms: int) -> bool:
    """Say whether a key's documents are taken: one replaced or left behind has 30 days more."""
    if revoked_ms is None:
        return True
    return reason in ("replaced", "left") and now_ms < revoked_ms + GRACE_MS


def covers(places: tuple[str, ...], place: str, log: str) -> bool:
    """Say whether these places include a place; the log's own id means all of it."""
    return place in places or log in places


def holds_premises(
    account_id: UUID, premises: Entity, grants: Tracked[UUID, GrantRow], now_ms: int
) -> bool:
    """Say whether an account created the premises or holds a live grant over them."""
    return premises.author == account_id or any(
        grant.account_id == account_id
        and grant.premises_id == premises.entity
        and grant.is_live
        and (grant.expires_ms is None or grant.expires_ms > now_ms)
        for grant in grants.values()
    )
