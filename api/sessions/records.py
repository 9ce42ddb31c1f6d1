"""What a machine presents to sign in, what it gets, and who a request then speaks for."""

from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta, Struct

from api.access import Role
from sync.keys import PublicJwk

JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT_CREDENTIALS: Final = "client_credentials"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Assertion(Struct, frozen=True):
    """The claims of a signed assertion (RFC 7523); times in seconds of the server's clock."""

    iss: Annotated[str, Meta(max_length=64)]
    sub: Annotated[str, Meta(max_length=64)]
    aud: Annotated[str, Meta(max_length=300)]
    jti: Annotated[str, Meta(min_length=8, max_length=100)]
    nonce: Annotated[str, Meta(max_length=100)]
    iat: Annotated[int, Meta(ge=0)]
    exp: Annotated[int, Meta(ge=0)]


class Token(Struct, frozen=True, kw_only=True):
    """A row of the token table; only the SHA-256 of the token itself is kept."""

    sha256: bytes
    log: str
    account_id: UUID
    kid: str | None
    audience: str
    scopes: tuple[str, ...]
    issued_ms: int
    expires_ms: int
    idle_ms: int | None
    used_ms: int


class TokenAnswer(Struct, frozen=True):
    """RFC 6749 section 5.1; `expires_in` in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str


class Principal(Struct, frozen=True, kw_only=True):
    """Who a request speaks for, read anew for every request.

    `jwk`: the key that signed in. `is_leaving`: that key was replaced or left behind, and may only
    send what it made before.
    """

    account_id: UUID
    role: Role
    state: str
    places: tuple[str, ...]
    scopes: tuple[str, ...]
    kid: str | None
    jwk: PublicJwk | None = None
    is_leaving: bool = False
