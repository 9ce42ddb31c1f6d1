"""Push: read and verify, hand to the committer, answer item by item in order."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import msgspec
from litestar import Controller, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Raw, Struct
from msgspec.structs import replace

from api.accounts.records import Account
from api.accounts.store import list_devices
from api.edge import LARGE_BODY_BYTES_MAX
from api.intake_routes.framing import read_frame
from api.ledger.group import Outcome, Sent
from api.ledger.records import Prepared, Pusher
from api.limits import PERSON_SECONDS
from api.problems import LogElsewhere, TooLarge
from api.register import Register
from api.rendering import REQUEST_ID, jitter, new_request_id
from api.sessions.records import Principal
from api.sessions.sending import submit_as
from api.tallies import Tallies
from api.unpacking import go_beside, run_beside
from sync.custody import Duplicate, Fault, Held, Later, Rejected, Stored
from sync.document import (
    Document,
    Refused,
    hash_payload,
    is_authentic,
    read_item,
    read_payload,
)
from sync.keys import PublicJwk, encode_base64url
from sync.messages import (
    PUSH_BYTES_MAX,
    PUSH_ITEMS_MAX,
    Item,
    Problem,
    PushAnswer,
    PushResult,
)

_INLINE_MAX: Final = 4
_LATER_SECONDS: Final = {"defect": 300, "quota": PERSON_SECONDS, "version.newer": PERSON_SECONDS}
_RELAY: Final = "relay"


class PushController(Controller):
    """Sending signed documents."""

    path = "/v1/sync"

    @post(
        "/push",
        opt={
            "operation": "sync.push",
            "content": "PushRequest",
            "body_bytes_max": LARGE_BODY_BYTES_MAX,
        },
        status_code=200,
    )
    async def push(
        self,
        principal: NamedDependency[Principal],
        request: Request[Any, Any, Any],
        dry_run: FromQuery[bool] = False,
    ) -> Response[PushAnswer]:
        """Store what holds; one result an item, in the order sent."""
        # Two injected dependencies would be resolved in tasks of their own, at every push.
        register: Register = request.app.state.register
        items = await read_items(await request.body())
        return await push_items(register, items, principal, dry_run=dry_run)


async def read_items(body: bytes) -> list[Raw]:
    """Return the items of a push unread; raises Malformed when it is of another form."""
    return await run_beside(len(body), partial(read_frame, body))


async def push_items(
    register: Register,
    items: Sequence[Raw],
    principal: Principal,
    *,
    place: str | None = None,
    dry_run: bool = False,
) -> Response[PushAnswer]:
    """Read, verify, commit and answer; the same for phones, nodes and commune endpoints."""
    size = sum(len(memoryview(item)) for item in items)
    if len(items) > PUSH_ITEMS_MAX or size > PUSH_BYTES_MAX:
        raise TooLarge
    opened = await run_beside(size, lambda: [_open(item) for item in items])
    keys = await _load_keys(register, opened, principal)
    if len(items) <= _INLINE_MAX:
        read = _check_all(register, opened, keys)
    else:
        read = await go_beside(partial(_check_all, register, opened, keys))
    checked = [one.document for one in read if isinstance(one, Prepared)]
    elsewhere = [document for document in checked if document.payload.log != register.log]
    if elsewhere and len(elsewhere) == len(read):
        raise find_elsewhere(register, elsewhere[0])
    pusher = pusher_of(principal, place)
    sent = [Sent(one, pusher) for one in read if isinstance(one, Prepared)]
    outcomes = iter(await submit_as(register, principal, sent, dry_run=dry_run))
    results = [
        _describe(one, next(outcomes), dry_run=dry_run)
        if isinstance(one, Prepared)
        else _refuse(one, dry_run=dry_run)
        for one in read
    ]
    if not dry_run:
        _count(register.tallies, results)
    return _answer(results)


def _count(tallies: Tallies, results: Sequence[PushResult]) -> None:
    for one in results:
        tallies.custody[one.custody] += 1
        if one.problem is not None:
            tallies.faults[one.problem.code] += 1


def _answer(results: Sequence[PushResult]) -> Response[PushAnswer]:
    """Return the answer; each problem in it carries the id of the request."""
    request_id = new_request_id()
    named = [
        replace(one, problem=replace(one.problem, request_id=request_id)) if one.problem else one
        for one in results
    ]
    return Response(PushAnswer(named), headers={REQUEST_ID: request_id})


def pusher_of(principal: Principal, place: str | None = None) -> Pusher:
    """Return who sends; only a token with scope `relay` sends what others signed."""
    is_relay = _RELAY in principal.scopes or principal.role == "node"
    return Pusher(principal.account_id, is_relay, place)


class _Unread(Struct, frozen=True):
    """An item that never gets as far as the committer."""

    fault: Fault
    document: Document | None


def _open(item: Raw) -> Document | _Unread:
    try:
        return read_item(item)
    except Refused as error:
        return _Unread(Fault(error.code, error.errors), _glimpse(item))


def _glimpse(raw: Raw) -> Document | None:
    """Return what names an item whose payload can be read, so that its sender knows the answer."""
    try:
        item = msgspec.json.decode(raw, type=Item)
        payload = read_payload(item.payload)
    except (Refused, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return Document(item, payload, payload.by, hash_payload(item.payload))


async def _load_keys(
    register: Register, opened: Sequence[Document | _Unread], principal: Principal
) -> dict[str, PublicJwk]:
    """Return the registered keys that these documents name; mostly it is the one that sends."""
    kids = {one.kid for one in opened if isinstance(one, Document)}
    if principal.kid is not None and principal.jwk is not None and kids <= {principal.kid}:
        return {principal.kid: principal.jwk}
    async with register.engine.glancing() as tx:
        devices = await list_devices(tx, register.log, sorted(kids))
    return {device.kid: device.jwk for device in devices}


def _check_all(
    register: Register, opened: Sequence[Document | _Unread], keys: dict[str, PublicJwk]
) -> list[Prepared | _Unread]:
    return [_check_one(register, one, keys) if isinstance(one, Document) else one for one in opened]


def _check_one(
    register: Register, document: Document, keys: dict[str, PublicJwk]
) -> Prepared | _Unread:
    prepared = register.folder.prepare(document)
    jwk = keys.get(document.kid)
    if jwk is None and isinstance(prepared.record, Account):
        jwk = prepared.record.jwk
    if jwk is None:
        return _Unread(Fault("device-unknown"), document)
    if not is_authentic(document, jwk):
        return _Unread(Fault("bad-signature"), document)
    return prepared


def find_elsewhere(register: Register, document: Document) -> LogElsewhere:
    """Return the answer that names where a document of another province belongs."""
    base_url = register.settings.registers.get(document.payload.log)
    return LogElsewhere(details={"base_url": base_url} if base_url else None)


def _refuse(unread: _Unread, *, dry_run: bool) -> PushResult:
    document = unread.document
    return PushResult(
        "rejected",
        id=None if document is None else document.id,
        hash=None if document is None else encode_base64url(document.hash),
        problem=_problem(unread.fault),
        dry_run=dry_run,
    )


def _describe(prepared: Prepared, outcome: Outcome, *, dry_run: bool) -> PushResult:
    document = prepared.document
    sent = partial(
        PushResult, id=document.id, hash=encode_base64url(document.hash), dry_run=dry_run
    )
    match outcome.decision:
        case Stored() | Duplicate():
            custody = "duplicate" if isinstance(outcome.decision, Duplicate) else "stored"
            return sent(custody, receipt=None if dry_run else outcome.receipt)
        case Held(missing=missing):
            return sent("held", missing=missing)
        case Rejected(fault=fault):
            return sent("rejected", problem=_problem(fault))
        case Later(code=code):
            return sent(
                "later",
                problem=_problem(Fault(code), retryable=True),
                retry_after=jitter(_LATER_SECONDS[code]),
            )


def _problem(fault: Fault, *, retryable: bool = False) -> Problem:
    return Problem(
        type=f"urn:sangkat:problem:{fault.code}",
        title="The document is not stored",
        status=422,
        code=fault.code,
        errors=fault.errors,
        retryable=retryable,
        details=fault.details,
    )
