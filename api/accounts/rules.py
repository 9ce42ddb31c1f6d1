"""How accounts fold, and whether the author of a document may write it: pure."""

import hashlib
from typing import Final, Protocol
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from api.access import DOCUMENTS, Bond, Right
from api.accounts.records import (
    Account,
    AccountRow,
    DeviceRow,
    Grant,
    GrantRow,
    Revocation,
    Verification,
)
from api.ledger.records import Entities, Entity, Entry, Grade, Judged, Prepared, Pusher, Tracked
from sync.custody import Judgement
from sync.instants import read_instant
from sync.keys import thumbprint

GRACE_MS: Final = 30 * 86_400_000
UNVERIFIED_PREMISES_MAX: Final = 3
UNVERIFIED_STAYS_MAX: Final = 500
_CODE_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = 6
_NOBODY: Final = UUID(int=0)
_COMPOSED: Final = ("client", "register")
_ON_PAPER: Final = ("premises", "stay", "departure", "declaration", "pledge")


class Rights(Struct):
    """The accounts, keys and grants that one transaction needs."""

    accounts: Tracked[UUID, AccountRow]
    devices: Tracked[str, DeviceRow]
    grants: Tracked[UUID, GrantRow]


class Work(Protocol):
    """What judging sees of the transaction's workspace."""

    @property
    def rights(self) -> Rights:
        """Accounts, keys and grants."""
        ...

    @property
    def entities(self) -> Entities:
        """Entities that the documents refer to."""
        ...


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
        device = DeviceRow(
            log=row.log,
            kid=thumbprint(account.jwk),
            account_id=row.account_id,
            jwk=account.jwk,
        )
        rights.devices.put(device.kid, device)


def fold_grant(rights: Rights, entry: Entry, grant: Grant) -> None:
    """Give an account its role and places, or a right over single premises."""
    account = rights.accounts.get(grant.account_id)
    if account is None:
        return
    if grant.premises_id is not None:
        expires_ms = None if grant.expires_at is None else read_instant(grant.expires_at)
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
        account, role=grant.role, state="active", places=grant.places, scopes=grant.scopes
    )
    rights.accounts.put(account.account_id, granted)


def fold_verification(rights: Rights, verification: Verification) -> None:
    """Make an account active."""
    account = rights.accounts.get(verification.account_id)
    if account is not None:
        rights.accounts.put(account.account_id, replace(account, state="active"))


def fold_revocation(rights: Rights, entry: Entry, revocation: Revocation) -> None:
    """End a key or a grant; a key keeps its first revocation unless a worse one follows."""
    if revocation.kid is not None:
        device = rights.devices.get(revocation.kid)
        if device is not None:
            revoked = replace(
                device, revoked_ms=entry.received_ms, revocation_reason=revocation.reason
            )
            rights.devices.put(device.kid, revoked)
    if revocation.grant_id is not None:
        grant = rights.grants.get(revocation.grant_id)
        if grant is not None:
            rights.grants.put(grant.grant_id, replace(grant, is_live=False))


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


class AccountAuthority:
    """Judges documents against accounts, keys and grants; the table is `api/access.py`."""

    def __init__(self, gateway_kid: str) -> None:
        """Know the register's own key: nobody else composes accounts of programs."""
        self._gateway_kid = gateway_kid

    def judge(self, work: Work, prepared: Prepared, pusher: Pusher, now_ms: int) -> Judged:
        """Judge one document whose references are all in the log; `now_ms` is its `received_at`."""
        if prepared.document.payload.kind == "account":
            return _judge_account(work.rights, prepared, self._gateway_kid)
        account = _find_author(work.rights, prepared)
        if account is None:
            return Judged("not-allowed", _NOBODY)
        place = _right_place(work, prepared, pusher)
        if place is not None:
            return Judged("wrong-commune", account.account_id, details={"place": place})
        judgement = (
            _judge_device(work.rights, prepared, now_ms)
            or _judge_pusher(account, pusher)
            or _judge_rights(work, account, prepared, now_ms)
            or _judge_quota(account, prepared)
            or "allowed"
        )
        return Judged(judgement, account.account_id, _grade(work.rights, account, prepared))


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


def _judge_account(rights: Rights, prepared: Prepared, gateway_kid: str) -> Judged:
    """A key registers itself once; accounts of programs come from the register."""
    document, account = prepared.document, prepared.record
    if document.kid == gateway_kid:
        return Judged("allowed", document.id, "register")
    is_own = (
        isinstance(account, Account)
        and account.jwk is not None
        and account.capacity not in _COMPOSED
        and thumbprint(account.jwk) == document.kid
    )
    is_new = rights.devices.get(document.kid) is None
    return Judged("allowed" if is_own and is_new else "not-allowed", document.id)


def _find_author(rights: Rights, prepared: Prepared) -> AccountRow | None:
    device = rights.devices.get(prepared.document.kid)
    account = None if device is None else rights.accounts.get(device.account_id)
    behalf = prepared.body.get("on_behalf_of")
    if account is None or account.role != "register" or not isinstance(behalf, str):
        return account
    return rights.accounts.get(UUID(behalf))


def _grade(rights: Rights, author: AccountRow, prepared: Prepared) -> Grade:
    device = rights.devices.get(prepared.document.kid)
    signer = None if device is None else rights.accounts.get(device.account_id)
    if author.role == "officer" and prepared.document.payload.kind in _ON_PAPER:
        return "paper"
    return "register" if signer is not None and signer.role == "register" else "author"


def _right_place(work: Work, prepared: Prepared, pusher: Pusher) -> str | None:
    """Return the place that the document should name, when it names another."""
    payload = prepared.document.payload
    home = _find_premises(work.entities, prepared) or work.entities.get(payload.entity)
    if home is not None and home.place != payload.place:
        return home.place
    if pusher.place is not None and pusher.place != payload.place:
        return payload.place
    return None


def _find_premises(entities: Entities, prepared: Prepared) -> Entity | None:
    premises_id = prepared.body.get("premises_id")
    entity = entities.get(prepared.document.payload.entity)
    if entity is not None:
        return entity if entity.kind == "premises" else entities.get(entity.premises_id or _NOBODY)
    return entities.get(UUID(premises_id)) if isinstance(premises_id, str) else None


def _judge_device(rights: Rights, prepared: Prepared, now_ms: int) -> Judgement | None:
    device = rights.devices.get(prepared.document.kid)
    if device is None or device.revoked_ms is None:
        return None
    if device.revocation_reason in ("lost", "stolen"):
        return "quarantined"
    return None if now_ms < device.revoked_ms + GRACE_MS else "device-revoked"


def _judge_pusher(author: AccountRow, pusher: Pusher) -> Judgement | None:
    is_own = pusher.account_id is None or pusher.account_id == author.account_id
    return None if is_own or pusher.is_relay else "not-allowed"


def _judge_rights(
    work: Work, account: AccountRow, prepared: Prepared, now_ms: int
) -> Judgement | None:
    rights = DOCUMENTS.get(prepared.document.payload.kind, ())
    may = any(_holds(right, work, account, prepared, now_ms) for right in rights)
    return None if may else "not-allowed"


def _holds(right: Right, work: Work, account: AccountRow, prepared: Prepared, now_ms: int) -> bool:
    if right.role != account.role or (right.active_only and account.state != "active"):
        return False
    if right.scope is not None and right.scope not in account.scopes:
        return False
    payload = prepared.document.payload
    entity = work.entities.get(payload.entity)
    home = _find_premises(work.entities, prepared)
    grants = work.rights.grants
    bonds: dict[Bond, bool] = {
        "role": True,
        "covers_place": covers(account.places, payload.place, payload.log),
        "same_author": entity is not None and entity.author == account.account_id,
        "self": _is_own_key(work.rights, account, prepared),
        "own_premises": home is not None
        and holds_premises(account.account_id, home, grants, now_ms),
    }
    return bonds[right.bond]


def _is_own_key(rights: Rights, account: AccountRow, prepared: Prepared) -> bool:
    kid = prepared.body.get("kid")
    device = rights.devices.get(kid) if isinstance(kid, str) else None
    return device is not None and device.account_id == account.account_id


def _judge_quota(account: AccountRow, prepared: Prepared) -> Judgement | None:
    payload = prepared.document.payload
    if account.role != "owner" or account.state == "active" or payload.base is not None:
        return None
    is_over = (
        payload.kind == "premises" and account.premises_count >= UNVERIFIED_PREMISES_MAX
    ) or (payload.kind == "stay" and account.stays_count >= UNVERIFIED_STAYS_MAX)
    return "quota" if is_over else None
