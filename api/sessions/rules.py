"""When an assertion holds and how long a token lives: pure; the device's clock is not used."""

import hashlib
import hmac
from typing import Final

import msgspec

from api.access import OPERATION_SCOPES, OPERATIONS, Role
from api.accounts.records import AccountRow, DeviceRow
from api.accounts.rules import may_still_send
from api.sessions.records import Assertion, Principal, Token
from sync.keys import PublicJwk, decode_base64url, encode_base64url, is_signed

NONCE_MS: Final = 120_000
ASSERTION_SECONDS: Final = 60
SKEW_SECONDS: Final = 120
_STAMP_BYTES: Final = 8
_MAC_BYTES: Final = 16
_PARTS: Final = 3
_PHONE_MS: Final = 12 * 3_600_000
_PROGRAM_MS: Final = 10 * 60_000
_OFFICER_IDLE_MS: Final = 15 * 60_000
_PROGRAMS: Final = ("client", "node")
_SENDING: Final = ("sync.push", "communes.push", "blobs.write")
SENDS_ONLY: Final = "send"


def make_nonce(key: bytes, now_ms: int) -> str:
    """Return a nonce that any process with the key recognises for 120 seconds."""
    stamp = now_ms.to_bytes(_STAMP_BYTES)
    return encode_base64url(stamp + _mac(key, stamp))


def is_fresh(nonce: str, key: bytes, now_ms: int) -> bool:
    """Say whether the nonce was made with the key in the last 120 seconds."""
    try:
        data = decode_base64url(nonce)
    except ValueError:
        return False
    stamp, mac = data[:_STAMP_BYTES], data[_STAMP_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, stamp)):
        return False
    return 0 <= now_ms - int.from_bytes(stamp) <= NONCE_MS


def _mac(key: bytes, stamp: bytes) -> bytes:
    return hmac.digest(key, stamp, hashlib.sha256)[:_MAC_BYTES]


class _Header(msgspec.Struct):
    alg: str
    kid: str | None = None


def read_assertion(text: str) -> Assertion:
    """Return the claims of a compact JWT, unverified; raises ValueError when it is none."""
    parts = text.split(".")
    if len(parts) != _PARTS:
        message = "not a compact JWT"
        raise ValueError(message)
    header = msgspec.json.decode(decode_base64url(parts[0]), type=_Header)
    if header.alg != "ES256":
        message = "another algorithm"
        raise ValueError(message)
    return msgspec.json.decode(decode_base64url(parts[1]), type=Assertion)


def holds(text: str, assertion: Assertion, jwk: PublicJwk, *, audience: str, now_ms: int) -> bool:
    """Say whether the assertion is signed by the key, for this server, and of now."""
    message, _, signature = text.rpartition(".")
    now = now_ms // 1000
    is_timely = (
        assertion.iat - SKEW_SECONDS <= now <= assertion.exp + SKEW_SECONDS
        and 0 < assertion.exp - assertion.iat <= ASSERTION_SECONDS
    )
    if assertion.iss != assertion.sub or assertion.aud != audience or not is_timely:
        return False
    try:
        return is_signed(jwk, message.encode(), decode_base64url(signature))
    except ValueError:
        return False


def lifetime(role: Role) -> tuple[int, int | None]:
    """Return how long a token lives and how long it may lie idle, in milliseconds."""
    if role in _PROGRAMS:
        return _PROGRAM_MS, None
    return _PHONE_MS, None if role == "owner" else _OFFICER_IDLE_MS


def is_live(token: Token, now_ms: int) -> bool:
    """Say whether a token may still be used."""
    is_idle = token.idle_ms is not None and now_ms - token.used_ms > token.idle_ms
    return now_ms < token.expires_ms and not is_idle


def scopes_of(device: DeviceRow, account: AccountRow) -> tuple[str, ...]:
    """Return what a token says: its account's scopes, or that its key has ended and only sends."""
    return account.scopes if device.revoked_ms is None else (SENDS_ONLY,)


def may_sign_in(role: Role, revoked_ms: int | None, reason: str | None, now_ms: int) -> bool:
    """Say whether a key may sign in: after its end a phone may, to send what it made before."""
    return revoked_ms is None or (
        role not in _PROGRAMS and may_still_send(revoked_ms, reason, now_ms)
    )


def has_left(principal: Principal, operation: str) -> bool:
    """Say whether this is more than sending, for a key that was revoked."""
    return principal.is_leaving and operation not in _SENDING


def may(principal: Principal, operation: str) -> bool:
    """Say whether the table lets this role and, for programs, one of its scopes do an operation."""
    if principal.role not in OPERATIONS.get(operation, ()):
        return False
    if principal.role != "client":
        return True
    scopes = OPERATION_SCOPES[operation]
    return not scopes or not {*scopes}.isdisjoint(principal.scopes)
