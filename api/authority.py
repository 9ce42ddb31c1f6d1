"""Whether the author of a document may write it: `access` judged over accounts and entities."""

from typing import Final, Protocol
from uuid import UUID

from api.access import DOCUMENTS, Bond, Right
from api.accounts.records import Account, AccountRow, Revocation, Verification
from api.accounts.rules import (
    UNVERIFIED_PREMISES_MAX,
    UNVERIFIED_STAYS_MAX,
    Rights,
    covers,
    holds_premises,
    may_still_send,
)
from api.ledger.records import Entities, Entity, Grade, Judged, Prepared, Pusher, Tracked
from api.quarantine.records import AdoptionRow, Verdict
from api.quarantine.rules import find_verdict
from sync.custody import Judgement
from sync.keys import thumbprint

_AFTER: Final[dict[Verdict, Judgement | None]] = {"adopt": None, "discard": "device-revoked"}
_NOBODY: Final = UUID(int=0)
_COMPOSED: Final = ("client", "register")
_ON_PAPER: Final = ("premises", "stay", "departure", "declaration", "pledge")


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

    @property
    def adoptions(self) -> Tracked[UUID, AdoptionRow]:
        """Verdicts on documents of lost and stolen keys."""
        ...


class AccountAuthority:
    """Judges documents against accounts, keys and grants; the table is `api/access.py`."""

    def __init__(self, gateway_kid: str) -> None:
        """Know the register's own key: nobody else composes accounts of programs."""
        self._gateway_kid = gateway_kid

    def may_send(self, work: Work, prepared: Prepared, pusher: Pusher) -> bool:
        """Say whether the sender is the author or may relay, whatever the log already holds."""
        if pusher.account_id is None or pusher.is_relay:
            return True
        if prepared.document.payload.kind == "account":
            return pusher.account_id == prepared.document.id
        author = _find_author(work.rights, prepared)
        return author is not None and author.account_id == pusher.account_id

    def judge(self, work: Work, prepared: Prepared, pusher: Pusher, now_ms: int) -> Judged:
        """Judge one document whose references are all in the log; `now_ms` is its `received_at`."""
        if prepared.document.payload.kind == "account":
            return _judge_account(work.rights, prepared, pusher, self._gateway_kid)
        account = _find_author(work.rights, prepared)
        if account is None:
            return Judged("not-allowed", _NOBODY)
        place = _right_place(work, prepared, pusher)
        if place is not None:
            return Judged("wrong-commune", account.account_id, details={"place": place})
        if self._ends_the_register(prepared):
            return Judged("not-allowed", account.account_id)
        judgement = (
            _judge_device(work, prepared, now_ms)
            or _judge_rights(work, account, prepared, now_ms)
            or _judge_quota(account, prepared)
            or "allowed"
        )
        return Judged(judgement, account.account_id, _grade(work.rights, account, prepared))

    def _ends_the_register(self, prepared: Prepared) -> bool:
        """Say whether this would revoke the key that the register signs with now."""
        record = prepared.record
        return isinstance(record, Revocation) and record.kid == self._gateway_kid


def _judge_account(rights: Rights, prepared: Prepared, pusher: Pusher, gateway_kid: str) -> Judged:
    """A key registers itself once, where registrations are counted; or the register composes."""
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
    is_counted = pusher.account_id is None or pusher.is_relay
    return Judged("allowed" if is_own and is_new and is_counted else "not-allowed", document.id)


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
    entity = entities.get(prepared.document.payload.entity)
    if entity is not None and entity.kind == "premises":
        return entity
    named: object = getattr(prepared.record if entity is None else entity, "premises_id", None)
    return entities.get(named) if isinstance(named, UUID) else None


def _judge_device(work: Work, prepared: Prepared, now_ms: int) -> Judgement | None:
    device = work.rights.devices.get(prepared.document.kid)
    if device is None or device.revoked_ms is None:
        return None
    if device.revocation_reason in ("lost", "stolen"):
        verdict = find_verdict(prepared.document, work.adoptions.values())
        return "quarantined" if verdict is None else _AFTER[verdict]
    return (
        None
        if may_still_send(device.revoked_ms, device.revocation_reason, now_ms)
        else "device-revoked"
    )


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
    is_held = home is not None and holds_premises(
        account.account_id, home, work.rights.grants, now_ms
    )
    bonds: dict[Bond, bool] = {
        "role": True,
        "new_or_own": payload.base is None or is_held,
        "covers_place": covers(account.places, payload.place, payload.log)
        and _is_at_home(work, account, prepared),
        "same_author": entity is not None and entity.author == account.account_id,
        "self": _is_own(work, account, prepared),
        "declared_premises": home is not None and home.author == account.account_id,
        "own_premises": is_held,
    }
    return bonds[right.bond]


def _is_at_home(work: Work, officer: AccountRow, prepared: Prepared) -> bool:
    """Say whether somebody who is verified has premises where the officer says, or none yet."""
    record, place = prepared.record, prepared.document.payload.place
    if not isinstance(record, Verification):
        return True
    target = work.rights.accounts.get(record.account_id)
    if target is None or target.role != "owner" or target.account_id == officer.account_id:
        return False
    homes = work.rights.homes.get(record.account_id, frozenset())
    return place in homes or not homes


def _is_own(work: Work, account: AccountRow, prepared: Prepared) -> bool:
    """Say whether a revocation ends a key of the account, or a grant that the account gave."""
    record = prepared.record
    if not isinstance(record, Revocation):
        return False
    if record.kid is not None:
        device = work.rights.devices.get(record.kid)
        return device is not None and device.account_id == account.account_id
    given = None if record.grant_id is None else work.entities.get(record.grant_id)
    return given is not None and given.kind == "grant" and given.author == account.account_id


def _judge_quota(account: AccountRow, prepared: Prepared) -> Judgement | None:
    payload = prepared.document.payload
    if account.role != "owner" or account.state == "active" or payload.base is not None:
        return None
    is_over = (
        payload.kind == "premises" and account.premises_count >= UNVERIFIED_PREMISES_MAX
    ) or (payload.kind == "stay" and account.stays_count >= UNVERIFIED_STAYS_MAX)
    return "quota" if is_over else None
