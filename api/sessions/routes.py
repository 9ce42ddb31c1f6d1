"""The one token endpoint for all machines, and the guard that every request passes."""

import hashlib
import secrets
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Request, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import URLEncodedBody

from api.access import PUBLIC
from api.accounts.store import list_accounts, list_devices
from api.problems import (
    AssertionInvalid,
    DeviceRevoked,
    DeviceUnknown,
    Malformed,
    NotAllowed,
    TokenInvalid,
)
from api.register import Register
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

_TOKEN_BYTES: Final = 32
_BEARER: Final = "Bearer "


def hash_token(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


async def authorize(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Let a request pass when the table allows its operation; runs before every handler."""
    operation: str = handler.opt.get("operation", "")
    if operation in PUBLIC or _only_describes(handler):
        return
    register: Register = connection.app.state.register
    principal = await find_principal(register, connection.headers.get("authorization", ""))
    if not rules.may(principal, operation):
        raise NotAllowed
    connection.scope["state"]["principal"] = principal


def _only_describes(handler: BaseRouteHandler) -> bool:
    """Say whether this is the OPTIONS handler that Litestar adds to every path."""
    return isinstance(handler, HTTPRouteHandler) and handler.http_methods == {HttpMethod.OPTIONS}


async def find_principal(register: Register, authorization: str) -> Principal:
    """Return whom a bearer token speaks for; raises TokenInvalid."""
    if not authorization.startswith(_BEARER):
        raise TokenInvalid
    now_ms = register.clock()
    async with register.engine.glancing() as tx:
        session = await store.find_session(tx, hash_token(authorization.removeprefix(_BEARER)))
    if session is None or not rules.is_live(session[0], now_ms):
        raise TokenInvalid
    token, principal = session
    if store.needs_note(token, now_ms):
        async with register.engine.writing() as tx:
            await store.note_use(tx, token, now_ms)
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
    async with register.engine.writing() as tx:
        await store.record_token(tx, token)
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
        await _check_assertion(register, text, assertion)
        return await _answer(register, assertion.sub)


def _find_assertion(data: dict[str, str]) -> str:
    match data.get("grant_type"), data.get("client_assertion_type"):
        case (grant, _) if grant == JWT_BEARER:
            return data.get("assertion", "")
        case (grant, of) if grant == CLIENT_CREDENTIALS and of == ASSERTION_TYPE:
            return data.get("client_assertion", "")
        case _:
            raise Malformed


async def _check_assertion(register: Register, text: str, assertion: Assertion) -> None:
    now_ms = register.clock()
    async with register.engine.glancing() as tx:
        devices = await list_devices(tx, register.log, [assertion.sub])
    if not devices:
        raise DeviceUnknown
    if devices[0].revoked_ms is not None:
        raise DeviceRevoked
    audience = f"{register.settings.base_url}/oauth/token"
    is_good = rules.holds(
        text, assertion, devices[0].jwk, audience=audience, now_ms=now_ms
    ) and rules.is_fresh(assertion.nonce, register.keys.nonce_key, now_ms)
    if not is_good:
        raise AssertionInvalid
    async with register.engine.writing() as tx:
        expires_ms = now_ms + 2 * rules.NONCE_MS
        if not await store.spend_assertion(
            tx, f"{assertion.sub} {assertion.jti}", expires_ms, now_ms
        ):
            raise AssertionInvalid


async def _answer(register: Register, kid: str) -> TokenAnswer:
    async with register.engine.reading() as tx:
        device = (await list_devices(tx, register.log, [kid]))[0]
        account = (await list_accounts(tx, register.log, [device.account_id]))[0]
    lifetime = rules.lifetime(account.role)
    text = await issue_token(
        register, account.account_id, kid=kid, scopes=account.scopes, lifetime=lifetime
    )
    return TokenAnswer(text, "Bearer", lifetime[0] // 1000, " ".join(account.scopes))
