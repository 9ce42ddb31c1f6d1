"""Keys that register themselves, idempotent by thumbprint, and are revoked."""

from typing import Any, Final

from litestar import Controller, Request, Response, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Struct

from api.accounts import store
from api.accounts.records import Account, AccountRow, DeviceAnswer, DeviceRow, RevocationReason
from api.intake_routes.push import find_elsewhere
from api.invitations import rules as invitation_rules
from api.invitations import store as invitation_store
from api.invitations.records import Invitation
from api.ledger.group import Sent
from api.ledger.limits import Budget
from api.ledger.records import Pusher
from api.problems import InvitationInvalid, NotFound, TooManyRequests, Unprocessable
from api.register import Register
from api.sessions.records import Principal
from sync.custody import Duplicate, Rejected, Stored
from sync.document import Document, Refused, is_authentic, read_document
from sync.messages import Item

REGISTRATIONS_AN_HOUR: Final = 5
_HOUR_MS: Final = 3_600_000


class Registration(Struct, frozen=True):
    """The document of kind account that a key signed for itself."""

    registration: Item


class DevicesController(Controller):
    """Keys."""

    path = "/v1/devices"

    @post(opt={"operation": "devices.register", "statuses": (200,)})
    async def register_key(
        self,
        request: Request[Any, Any, Any],
        register: NamedDependency[Register],
        registrations: NamedDependency[Budget],
        data: JSONBody[Registration],
    ) -> Response[DeviceAnswer]:
        """Register a key: 201, or 200 with the same content on every repeat."""
        document, account = _read_registration(register, data.registration)
        known = await _find_device(register, document.kid)
        if known is not None:
            return Response(known, status_code=200)
        try:
            invitation = await _find_invitation(register, account)
            address = request.client.host if request.client else ""
            if invitation is None and not registrations.spend(address, register.clock()):
                raise TooManyRequests(retry_after=_HOUR_MS // 1000)
            await _submit(register, document, invitation)
        except InvitationInvalid:
            return Response(await _find_granted(register, document.kid), status_code=200)
        answer = await _find_device(register, document.kid)
        if answer is None:
            raise NotFound
        return Response(answer, status_code=201)

    @delete("/{kid:str}", opt={"operation": "devices.revoke"}, status_code=204)
    async def revoke_key(
        self,
        register: NamedDependency[Register],
        principal: NamedDependency[Principal],
        kid: FromPath[str],
        reason: FromQuery[RevocationReason] = "left",
    ) -> None:
        """Revoke an own key; with reason `lost` or `stolen` what it still sends is held."""
        async with register.engine.reading() as tx:
            devices = await store.list_devices(tx, register.log, [kid])
        if not devices or devices[0].account_id != principal.account_id:
            raise NotFound
        body = {"reason": reason, "kid": kid}
        item = register.composer.compose("revocation", body)
        prepared = register.folder.prepare(read_document(item))
        await register.committer.submit([Sent(prepared, Pusher(None))])


def _read_registration(register: Register, item: Item) -> tuple[Document, Account]:
    try:
        document = read_document(item)
    except Refused as error:
        raise Unprocessable(error.code, errors=error.errors) from error
    if document.payload.log != register.log:
        raise find_elsewhere(register, document)
    prepared = register.folder.prepare(document)
    if prepared.fault is not None:
        raise Unprocessable(prepared.fault.code, errors=prepared.fault.errors)
    account = prepared.record
    if not isinstance(account, Account) or account.jwk is None:
        raise Unprocessable("schema")
    if not is_authentic(document, account.jwk):
        raise Unprocessable("bad-signature")
    return document, account


async def _find_device(register: Register, kid: str) -> DeviceAnswer | None:
    async with register.engine.reading() as tx:
        devices = await store.list_devices(tx, register.log, [kid])
        accounts = await store.list_accounts(tx, register.log, [d.account_id for d in devices])
    return _describe(devices[0], accounts[0]) if devices and accounts else None


async def _find_granted(register: Register, kid: str) -> DeviceAnswer:
    """Return what the same registration came to a moment ago, when it used the invitation itself.

    A phone whose line broke repeats while the first attempt is still being stored.
    """
    known = await _find_device(register, kid)
    if known is None or known.state != "active":
        raise InvitationInvalid
    return known


def _describe(device: DeviceRow, account: AccountRow) -> DeviceAnswer:
    return DeviceAnswer(
        device.kid, account.account_id, account.role, account.state, account.verification_code
    )


async def _find_invitation(register: Register, account: Account) -> Invitation | None:
    """Return the invitation that is named; raises InvitationInvalid when it does not hold."""
    if not account.invitation:
        return None
    code = invitation_rules.read_code(account.invitation)
    if code is None:
        raise InvitationInvalid
    handle, secret = code
    async with register.engine.writing() as tx:
        invitation = await invitation_store.find_invitation(tx, register.log, handle)
        if invitation is not None and invitation_rules.opens(invitation, secret, register.clock()):
            return invitation
        if invitation is not None:
            await invitation_store.spend_try(tx, invitation.invitation_id)
    raise InvitationInvalid


async def _submit(register: Register, document: Document, invitation: Invitation | None) -> None:
    """Commit the account and, with an invitation, its grant under the invitation's id."""
    items = [document.item]
    if invitation is not None:
        body = {
            "account_id": document.id,
            "role": invitation.role,
            "places": invitation.places,
        }
        items.append(
            register.composer.compose(
                "grant",
                body,
                document_id=invitation.invitation_id,
                after=[document.id],
            )
        )
    sent = [Sent(register.folder.prepare(read_document(item)), Pusher(None)) for item in items]
    outcomes = await register.committer.submit(sent)
    for outcome in outcomes:
        match outcome.decision:
            case Stored() | Duplicate():
                continue
            case Rejected(fault) if fault.code == "id-reuse" and invitation is not None:
                raise InvitationInvalid
            case Rejected(fault):
                raise Unprocessable(fault.code, errors=fault.errors)
            case _:
                raise Unprocessable("dependency")
