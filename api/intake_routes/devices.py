"""Keys that register themselves, idempotent by thumbprint, and are revoked."""

from typing import Any

from litestar import Controller, Request, Response, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Struct

from api.accounts import store
from api.accounts.records import Account, AccountRow, DeviceAnswer, DeviceRow, RevocationReason
from api.admission.rates import Rates
from api.admission.store import give_back, take
from api.database.engine import Transaction
from api.intake_routes.push import find_elsewhere
from api.invitations import rules as invitation_rules
from api.invitations import store as invitation_store
from api.invitations.records import Invitation
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.limits import WRONG_CODES
from api.problems import InvitationInvalid, NotFound, TooManyRequests, Unprocessable
from api.register import Register
from api.sessions.records import Principal
from api.submitting import submit
from sync.document import Document, Refused, is_authentic, read_document
from sync.messages import Item


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
        rates: NamedDependency[Rates],
        data: JSONBody[Registration],
    ) -> Response[DeviceAnswer]:
        """Register a key: 201, or 200 with the same content on every repeat."""
        document, account = _read_registration(register, data.registration)
        known = await _find_device(register, document.kid)
        if known is not None:
            return Response(known, status_code=200)
        address = request.client.host if request.client else ""
        try:
            is_new = await _open(register, rates, document, account, address)
        except InvitationInvalid:
            known = await _find_device(register, document.kid)
            if known is None:
                raise
            # The first attempt of a phone whose line broke was still being stored.
            return Response(known, status_code=200)
        answer = await _find_device(register, document.kid)
        if answer is None:
            raise NotFound
        return Response(answer, status_code=201 if is_new else 200)

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


def _describe(device: DeviceRow, account: AccountRow) -> DeviceAnswer:
    return DeviceAnswer(
        device.kid, account.account_id, account.role, account.state, account.verification_code
    )


async def _open(
    register: Register, rates: Rates, document: Document, account: Account, address: str
) -> bool:
    """Open the account, an owner's or what its invitation says; False for one in parallel."""
    if account.invitation:
        invitation = await _find_invitation(register, rates, account.invitation, address)
        return await _open_invited(register, document, invitation)
    await rates.spend_registration(address)
    return await submit(register, [document.item])


async def _find_invitation(register: Register, rates: Rates, code: str, address: str) -> Invitation:
    """Return the invitation that a code opens; raises InvitationInvalid, or TooManyRequests.

    A try counts before anything is looked up, so that tries at once are not more than tries in
    turn; one that is right is given back.
    """
    now_ms, holder = register.clock(), rates.hide(address)
    handle, secret = invitation_rules.read_code(code) or ("", "")
    async with register.engine.writing() as tx:
        [lease] = await take(tx, register.log, now_ms, [(WRONG_CODES, holder)])
        rates.check(lease)
        invitation = await invitation_store.find_invitation(tx, register.log, handle)
        is_resting = invitation is not None and invitation_rules.rests(invitation, now_ms)
        if invitation is not None and not is_resting:
            if invitation_rules.opens(invitation, secret, now_ms):
                await give_back(tx, register.log, WRONG_CODES, holder)
                return invitation
            await invitation_store.record_wrong_try(tx, invitation.invitation_id, now_ms)
    # Refused only now, when the try is counted for good.
    if is_resting:
        raise TooManyRequests(retry_after=invitation_rules.REST_MS // 1000)
    raise InvitationInvalid


async def _open_invited(register: Register, document: Document, invitation: Invitation) -> bool:
    """Store the account with its grant, which has the invitation's id, or neither."""
    body = {
        "account_id": document.id,
        "role": invitation.role,
        "places": invitation.places,
    }
    grant = register.composer.compose(
        "grant", body, document_id=invitation.invitation_id, after=[document.id]
    )

    async def use_up(tx: Transaction) -> None:
        if not await invitation_store.record_use(tx, invitation.invitation_id, register.clock()):
            raise InvitationInvalid

    return await submit(register, [document.item, grant], use_up)
