"""The one token endpoint for all machines, and the door that every request passes."""

import hashlib
import secrets
from collections import Counter
from functools import partial
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import UUID

from litestar import Controller, Request, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import URLEncodedBody
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from api.access import PUBLIC
from api.accounts.records import AccountRow, DeviceRow
from api.accounts.store import list_accounts, list_devices
from api.admission.rates import Rates
from api.admission.rules import work_of
from api.admission.turns import Turn, Turns
from api.problems import (
    AssertionInvalid,
    DeviceRevoked,
    DeviceUnknown,
    Malformed,
    NotAllowed,
    Refusal,
    TokenInvalid,
)
from api.register import Register
from api.rendering import send_problem
from api.sessions import rules, store
from api.sessions.records import (
    ASSERTION_TYPE,
    CLIENT_CREDENTIALS,
    JWT_BEARER,
    Assertion,
    Principal,
    Token,
    TokenAnswer,
)
from sync.messages import FieldError

_TOKEN_BYTES: Final = 32
_BEARER: Final = "Bearer "


def hash_token(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


class Doorkeeper:
    """Finds out who asks, and whether he may, before a byte of the body is read."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand in front of an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass when the table allows its operation."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            turn = _take_turn(scope)
        except Refusal as refusal:
            await send_problem(scope, send, refusal)
            return
        with turn:
            scope["state"]["turn"] = turn
            try:
                await _authorize(scope, turn)
            except Refusal as refusal:
                await send_problem(scope, send, refusal)
                return
            await self._app(scope, receive, send)


def _take_turn(scope: HTTPScope) -> Turn:
    handler: Any = scope["route_handler"]
    operation: str = handler.opt.get("operation", "")
    is_public = operation in PUBLIC or _only_describes(handler)
    turns: Turns = scope["litestar_app"].state.turns
    return turns.take(work_of(operation, is_public=is_public))


async def _authorize(scope: HTTPScope, turn: Turn) -> None:
    """Judge a request by its head, what costs least first; raises what refuses it."""
    handler: Any = scope["route_handler"]
    operation: str = handler.opt.get("operation", "")
    rates: Rates = scope["litestar_app"].state.rates
    _check_query(scope)
    if operation in PUBLIC or _only_describes(handler):
        if work_of(operation, is_public=True) != "unbounded":
            await rates.admit_address(_address_of(scope))
        return
    principal = await _identify(scope, rates)
    turn.belong_to(principal.account_id)
    await rates.admit_account(principal.account_id)
    if rules.has_left(principal, operation):
        raise DeviceRevoked
    if not rules.may(principal, operation):
        raise NotAllowed
    scope["state"]["principal"] = principal


async def _identify(scope: HTTPScope, rates: Rates) -> Principal:
    """Return who asks; who turns out to be nobody counts as one who did not sign in."""
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    register: Register = connection.app.state.register
    try:
        return await find_principal(register, connection.headers.get("authorization", ""))
    except TokenInvalid:
        await rates.admit_address(_address_of(scope))
        raise


def _address_of(scope: HTTPScope) -> str:
    client = scope["client"]
    return client[0] if client else ""


def _check_query(scope: HTTPScope) -> None:
    """Refuse a name that nobody reads, or that is there twice.

    A filter misspelt would show everything, `dry_run` misplaced would do it.
    """
    if not scope["query_string"]:
        return
    key = (scope["path_template"], scope["method"])
    taken: frozenset[str] | None = scope["litestar_app"].state.queries.get(key)
    if taken is None:
        return
    given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    counts = Counter(name for name, _ in given)
    errors = [
        FieldError(f"/query/{name}", "field.value" if name in taken else "field.unknown-name")
        for name, count in counts.items()
        if name not in taken or count > 1
    ]
    if errors:
        raise Malformed(errors=tuple(errors))


def _only_describes(handler: BaseRouteHandler) -> bool:
    """Say whether this is the OPTIONS handler that Litestar adds to every path."""
    return isinstance(handler, HTTPRouteHandler) and handler.http_methods == {HttpMethod.OPTIONS}


async def find_principal(register: Register, authorization: str) -> Principal:
    """Return whom a bearer token speaks for; raises TokenInvalid."""
    if not authorization.startswith(_BEARER):
        raise TokenInvalid
    now_ms = register.clock()
    async with register.engine.glancing() as tx:
        sha256 = hash_token(authorization.removeprefix(_BEARER))
        session = await store.find_session(tx, sha256, now_ms)
    if session is None or not rules.is_live(session[0], now_ms):
        raise TokenInvalid
    token, principal = session
    if store.needs_note(token, now_ms):
        await register.engine.insist(partial(store.note_use, token=token, now_ms=now_ms))
    return principal


def provide_principal(request: Request[Any, Any, Any]) -> Principal:
    """Return whom the request speaks for; only for operations that are not public."""
    principal: Principal = request.scope["state"]["principal"]
    return principal


async def issue_token(
    register: Register,
    account_id: UUID,
    *,
    kid: str | None,
    scopes: tuple[str, ...],
    lifetime: tuple[int, int | None],
) -> str:
    """Make a token and keep its hash; `lifetime` is as `rules.lifetime` returns it."""
    text = secrets.token_urlsafe(_TOKEN_BYTES)
    now_ms = register.clock()
    token = Token(
        sha256=hash_token(text),
        log=register.log,
        account_id=account_id,
        kid=kid,
        audience=register.settings.base_url,
        scopes=scopes,
        issued_ms=now_ms,
        expires_ms=now_ms + lifetime[0],
        idle_ms=lifetime[1],
        used_ms=now_ms,
    )
    await register.engine.insist(partial(store.record_token, token=token))
    return text


class SessionsController(Controller):
    """Signing in."""

    path = "/oauth"

    @post("/token", opt={"operation": "token.issue", "content": "Assertion"}, status_code=200)
    async def issue(
        self,
        register: NamedDependency[Register],
        data: URLEncodedBody[dict[str, str]],
    ) -> TokenAnswer:
        """Exchange a signed assertion for a bearer token (RFC 7523)."""
        text = _find_assertion(data)
        try:
            assertion = rules.read_assertion(text)
        except ValueError as error:
            raise AssertionInvalid from error
        device, account = await _find_signer(register, assertion.sub)
        await _check_assertion(register, text, assertion, device)
        return await _answer(register, device, account)


def _find_assertion(data: dict[str, str]) -> str:
    match data.get("grant_type"), data.get("client_assertion_type"):
        case (grant, _) if grant == JWT_BEARER:
            return data.get("assertion", "")
        case (grant, of) if grant == CLIENT_CREDENTIALS and of == ASSERTION_TYPE:
            return data.get("client_assertion", "")
        case _:
            raise Malformed


async def _find_signer(register: Register, kid: str) -> tuple[DeviceRow, AccountRow]:
    """Return a key that may sign in, with its account.

    Raises DeviceUnknown, DeviceRevoked, and NotAllowed when the account's role has ended.
    """
    async with register.engine.glancing() as tx:
        devices = await list_devices(tx, register.log, [kid])
        accounts = await list_accounts(tx, register.log, [one.account_id for one in devices])
    if not accounts:
        raise DeviceUnknown
    device, account = devices[0], accounts[0]
    if not rules.may_sign_in(
        account.role, device.revoked_ms, device.revocation_reason, register.clock()
    ):
        raise DeviceRevoked
    if account.is_over(register.clock()):
        raise NotAllowed
    return device, account


async def _check_assertion(
    register: Register, text: str, assertion: Assertion, device: DeviceRow
) -> None:
    now_ms = register.clock()
    audience = f"{register.settings.base_url}/oauth/token"
    is_good = rules.holds(
        text, assertion, device.jwk, audience=audience, now_ms=now_ms
    ) and rules.is_fresh(assertion.nonce, register.keys.nonce_key, now_ms)
    if not is_good:
        raise AssertionInvalid
    spending = partial(
        store.spend_assertion,
        jti=f"{assertion.sub} {assertion.jti}",
        expires_ms=now_ms + 2 * rules.NONCE_MS,
    )
    if not await register.engine.insist(spending):
        raise AssertionInvalid


async def _answer(register: Register, device: DeviceRow, account: AccountRow) -> TokenAnswer:
    lifetime, scopes = rules.lifetime(account.role), rules.scopes_of(device, account)
    text = await issue_token(
        register, account.account_id, kid=device.kid, scopes=scopes, lifetime=lifetime
    )
    return TokenAnswer(text, "Bearer", lifetime[0] // 1000, " ".join(scopes))
