"""Signing in with the device's key (RFC 7523): pure, and by the server's clock, never the device's.

A phone whose clock is years wrong signs in all the same: the instants of its assertion are the
server's time plus what a monotonic clock counted since.
"""

from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from sync.keys import public_jwk, thumbprint
from sync.receipts import sign_compact

ASSERTION_SECONDS: Final = 60
_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_CLIENT_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Grant = Literal["phone", "program"]


class ServerClock(Struct, frozen=True):
    """The server's time as it was when a monotonic clock stood at `monotonic_ms`."""

    server_ms: int
    monotonic_ms: int

    def read(self, monotonic_ms: int) -> int:
        """Return the server's time now, in milliseconds since 1970 UTC."""
        return self.server_ms + monotonic_ms - self.monotonic_ms


def make_assertion(
    key: ec.EllipticCurvePrivateKey, base_url: str, nonce: str, *, server_ms: int, jti: UUID
) -> str:
    """Return a signed assertion for one use within a minute; `nonce` comes from `/v1/sync/info`."""
    kid = thumbprint(public_jwk(key))
    issued = server_ms // 1000
    claims: dict[str, Any] = {
        "iss": kid,
        "sub": kid,
        "aud": f"{base_url}/oauth/token",
        "jti": str(jti),
        "nonce": nonce,
        "iat": issued,
        "exp": issued + ASSERTION_SECONDS,
    }
    return sign_compact(msgspec.json.encode(claims), key, "JWT")


def make_form(grant: Grant, assertion: str) -> dict[str, str]:
    """Return the form for the token endpoint: a phone's own grant, or a program's."""
    if grant == "phone":
        return {"grant_type": _BEARER, "assertion": assertion}
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": _CLIENT_ASSERTION,
        "client_assertion": assertion,
    }
