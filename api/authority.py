"""Whether the author of a document may write it: `access` judged over accounts and entities."""

from typing import Final, Protocol
from uuid import UUID

from api.access import DOCUMENTS, Bond, Right
from api.accounts.records import Account, AccountRow, Grant, Revocation, Verification
from api.accounts.rules import (
    UNVERIFIED_PREMISES_MAX,
    UNVERIFIED_STAYS_MAX,
    Rights,
    covers,
    holds_premises,
    may_still_send,
    may_take,
)
from api.ledger.records import Entities, Entity, Grade, Judged, Prepared, Pusher, Tracked
from api.quarantine.records import AdoptionRow, Verdict
from api.quarantine.rules import find_verdict
from sync.custody import Judgement
from sync.instants import read_instant
from sync.keys import thumbprint

_AFTER: Final[dict[Verdict, Judgement | None]] = {"adopt": None, "discard": "device-revoked"}
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
            return Judged("not-allowed", None)
        if account.is_over(now_ms) or self._ends_the_register(prepared):
            return Judged("not-allowed", account.account_id)
        place = _find_place(work.entities, prepared)
        judgement = (
            _judge_device(work, account, prepared, now_ms)
            or _judge_rights(work, account, prepared, now_ms, place)
            or _judge_grant(work.rights, prepared)
            or _judge_place(prepared, pusher, place)
            or _judge_quota(account, prepared)
            or "allowed"
        )
        details = {"place": place} if judgement == "wrong-commune" else {}
        grade = _grade(work.rights, account, prepared)
        return Judged(judgement, account.account_id, grade, details)

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
    # A relay cannot use up an invitation: its role would never come.
    is_invited = isinstance(account, Account) and account.invitation is not None
    is_counted = pusher.account_id is None or (pusher.is_relay and not is_invited)
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


def _find_place(entities: Entities, prepared: Prepared) -> str:
    """Return where the document belongs, whatever place it names."""
    payload = prepared.document.payload
    home = _find_premises(entities, prepared) or entities.get(payload.entity)
    return payload.place if home is None else home.place


def _judge_place(prepared: Prepared, pusher: Pusher, place: str) -> Judgement | None:
    """Say that another commune is meant; only ever to an author who may write there.

    Anybody else would learn from it where the premises are.
    """
    named = prepared.document.payload.place
    return None if named == place and pusher.place in (None, named) else "wrong-commune"


def _find_premises(entities: Entities, prepared: Prepared) -> Entity | None:
    entity = entities.get(prepared.document.payload.entity)
    if entity is not None and entity.kind == "premises":
        return entity
    named: object = getattr(prepared.record if entity is None else entity, "premises_id", None)
    return entities.get(named) if isinstance(named, UUID) else None


def _judge_device(
    work: Work, account: AccountRow, prepared: Prepared, now_ms: int
) -> Judgement | None:
    device = work.rights.devices.get(prepared.document.kid)
    if device is None or device.revoked_ms is None:
        return None
    is_taken = may_still_send(device.revoked_ms, device.revocation_reason, now_ms)
    if is_taken and account.role == "owner":
        return None
    verdict = find_verdict(prepared.document, work.adoptions.values(), device.revoked_ms)
    if verdict is not None:
        return _AFTER[verdict]
    is_lost = device.revocation_reason in ("lost", "stolen")
    if not is_lost and (not is_taken or _has_seen_more(prepared, device.revoked_ms)):
        return "device-revoked"
    is_late = read_instant(prepared.document.payload.made_at) > device.revoked_ms
    return "quarantined" if is_lost or is_late else None


def _has_seen_more(prepared: Prepared, revoked_ms: int) -> bool:
    """Say whether a document of somebody with power over others was made after the key's end.

    The receipt that its author had seen is of the register's clock and proves it; `made_at` is of
    his own, which may be fast: what only that says is left to an officer who stays.
    """
    anchor = prepared.document.payload.anchor
    return anchor is not None and read_instant(anchor.at) > revoked_ms


def _judge_grant(rights: Rights, prepared: Prepared) -> Judgement | None:
    record = prepared.record
    target = rights.accounts.get(record.account_id) if isinstance(record, Grant) else None
    if target is None or not isinstance(record, Grant) or may_take(target, record):
        return None
    return "not-allowed"


def _judge_rights(
    work: Work, account: AccountRow, prepared: Prepared, now_ms: int, place: str
) -> Judgement | None:
    """Judge at the place where the document belongs."""
    payload = prepared.document.payload
    home = _find_premises(work.entities, prepared)
    is_held = home is not None and holds_premises(
        account.account_id, home, work.rights.grants, now_ms
    )
    is_covered = covers(account.places, place, payload.log)
    bonds = _list_bonds(work, account, prepared, is_held=is_held, is_covered=is_covered)
    rights = DOCUMENTS.get(payload.kind, ())
    may = any(_is_given(right, account) and bonds[right.bond] for right in rights)
    return None if may else "not-allowed"


def _is_given(right: Right, account: AccountRow) -> bool:
    if right.role != account.role or (right.active_only and account.state != "active"):
        return False
    return right.scope is None or right.scope in account.scopes


def _list_bonds(
    work: Work, account: AccountRow, prepared: Prepared, *, is_held: bool, is_covered: bool
) -> dict[Bond, bool]:
    """Return what ties the account to what the document is about; rights follow the premises."""
    payload = prepared.document.payload
    entity = work.entities.get(payload.entity)
    home = _find_premises(work.entities, prepared)
    is_author = entity is not None and entity.author == account.account_id
    is_paper = entity is not None and entity.detail.grade == "paper" and not entity.detail.is_signed
    return {
        "role": True,
        "new_or_own": payload.base is None or is_held,
        "covers_place": is_covered and _is_at_home(work, account, prepared),
        "new_in_place": is_covered and entity is None,
        "own_in_place": is_covered and is_author,
        "paper_in_place": is_covered and is_paper,
        "same_author": is_author and (home is None or is_held or is_covered),
        "self": _is_own(work, account, prepared),
        "declared_premises": home is not None and home.author == account.account_id,
        "own_premises": is_held,
    }


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
