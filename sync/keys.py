"""P-256 keys as JWK (RFC 7517): documents, receipts and sign-in name them by thumbprint."""

import hashlib
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from functools import lru_cache
from typing import Annotated, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import Meta, Struct

_COORDINATE_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_ECDSA: Final = ec.ECDSA(SHA256())
_CURVE: Final = "secp256r1"
_FOR_URLS: Final = bytes.maketrans(b"+/", b"-_")
_Member = Annotated[str, Meta(max_length=64)]


class PublicJwk(Struct, frozen=True, omit_defaults=True):
    """A public P-256 key; the coordinates are base64url of 32 bytes, other members are ignored.

    But for `d`, the private key that somebody sends by mistake: a log keeps it for ever.
    """

    kty: _Member
    crv: _Member
    x: _Member
    y: _Member
    d: None = None


def encode_base64url(data: bytes) -> str:
    """Return base64url without padding (RFC 4648 section 5)."""
    return b2a_base64(data, newline=False).translate(_FOR_URLS).rstrip(b"=").decode()


def decode_base64url(text: str) -> bytes:
    """Return the bytes of unpadded base64url; raises ValueError for any other alphabet or form."""
    padded = text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4)
    try:
        data = a2b_base64(padded)
    except Base64Error as error:
        raise ValueError(str(error)) from error
    # Strange signs and bits that say nothing are overlooked above: the same text must come back.
    if encode_base64url(data) != text:
        raise ValueError("not base64url")
    return data


@lru_cache(maxsize=10_000)
def thumbprint(jwk: PublicJwk) -> str:
    """Return the RFC 7638 thumbprint, which is the `kid` of every key in the protocol."""
    canonical = f'{{"crv":"{jwk.crv}","kty":"{jwk.kty}","x":"{jwk.x}","y":"{jwk.y}"}}'
    return encode_base64url(hashlib.sha256(canonical.encode()).digest())


@lru_cache(maxsize=10_000)
def read_public_key(jwk: PublicJwk) -> ec.EllipticCurvePublicKey:
    """Return the key; raises ValueError when it is not a point on P-256."""
    x, y = decode_base64url(jwk.x), decode_base64url(jwk.y)
    if (jwk.kty, jwk.crv) != ("EC", "P-256") or (len(x), len(y)) != (_COORDINATE_BYTES,) * 2:
        raise ValueError("not a P-256 key")
    point = ec.EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), ec.SECP256R1())
    return point.public_key()


def is_public_key(jwk: PublicJwk) -> bool:
    """Say whether this is a point on P-256."""
    try:
        read_public_key(jwk)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=256)
def public_jwk(key: ec.EllipticCurvePrivateKey) -> PublicJwk:
    """Return the public half of a private key."""
    return write_public_key(key.public_key())


def write_public_key(key: ec.EllipticCurvePublicKey) -> PublicJwk:
    """Return a P-256 key as JWK; raises ValueError for one of another curve."""
    if key.curve.name != _CURVE:
        raise ValueError("not a P-256 key")
    numbers = key.public_numbers()
    x = encode_base64url(numbers.x.to_bytes(_COORDINATE_BYTES))
    y = encode_base64url(numbers.y.to_bytes(_COORDINATE_BYTES))
    return PublicJwk("EC", "P-256", x, y)


def new_private_key() -> ec.EllipticCurvePrivateKey:
    """Return a new P-256 key from the operating system's randomness."""
    return ec.generate_private_key(ec.SECP256R1())


def sign(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    """Return the 64 bytes r‖s of an ES256 signature (RFC 7518 section 3.4)."""
    r, s = decode_dss_signature(key.sign(message, _ECDSA))
    return r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES)


def is_signed(jwk: PublicJwk, message: bytes, signature: bytes) -> bool:
    """Say whether `signature` (64 bytes r‖s) over `message` was made with the key."""
    if len(signature) != _SIGNATURE_BYTES:
        return False
    r = int.from_bytes(signature[:_COORDINATE_BYTES])
    s = int.from_bytes(signature[_COORDINATE_BYTES:])
    try:
        read_public_key(jwk).verify(encode_dss_signature(r, s), message, _ECDSA)
    except (InvalidSignature, ValueError):
        return False
    return True
