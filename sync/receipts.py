"""Receipts and signed heads: compact JWS that anyone can check offline with a public key."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from sync.keys import (
    PublicJwk,
    decode_base64url,
    encode_base64url,
    is_signed,
    public_jwk,
    sign,
    thumbprint,
)

RECEIPT_TYPE: Final = "sangkat-receipt+jws"
HEAD_TYPE: Final = "sangkat-head+jws"
_PARTS: Final = 3

Grade = Literal["author", "register", "paper"]


class Receipt(Struct, frozen=True, kw_only=True):
    """What the register promises about one document; `hash` and `chain` are base64url.

    `grade` says who signed it: its author, the register for a program, or the register for paper.
    """

    v: int = 1
    register: str
    id: UUID
    hash: str
    kind: str
    log: str
    pos: int
    chain: str
    received_at: str
    grade: Grade


class _Graded(Struct, frozen=True):
    grade: Grade


class Head(Struct, frozen=True, kw_only=True):
    """Where a log ends, signed, so that two readers can compare what they were shown."""

    v: int = 1
    register: str
    log: str
    pos: int
    chain: str
    at: str


class _Header(Struct, frozen=True, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


def sign_receipt(receipt: Receipt, key: ec.EllipticCurvePrivateKey) -> str:
    """Return a receipt as compact JWS."""
    return sign_compact(msgspec.json.encode(receipt), key, RECEIPT_TYPE)


def sign_head(head: Head, key: ec.EllipticCurvePrivateKey) -> str:
    """Return a signed head as compact JWS."""
    return sign_compact(msgspec.json.encode(head), key, HEAD_TYPE)


def read_receipt(text: str, keys: Mapping[str, PublicJwk]) -> Receipt:
    """Return what a receipt says; raises ValueError unless one of `keys` (by kid) signed it."""
    return msgspec.json.decode(read_compact(text, keys, RECEIPT_TYPE), type=Receipt)


def grade_of(text: str) -> Grade:
    """Return the grade in a receipt that the register keeps itself: nothing is verified."""
    return msgspec.json.decode(decode_base64url(text.split(".")[1]), type=_Graded).grade


def read_head(text: str, keys: Mapping[str, PublicJwk]) -> Head:
    """Return what a signed head says; raises ValueError unless one of `keys` (by kid) signed it."""
    return msgspec.json.decode(read_compact(text, keys, HEAD_TYPE), type=Head)


def sign_compact(claims: bytes, key: ec.EllipticCurvePrivateKey, typ: str) -> str:
    """Return a compact JWS (RFC 7515 section 3.1), ES256, over the claims' bytes."""
    message = f"{_write_header(key, typ)}.{encode_base64url(claims)}"
    return f"{message}.{encode_base64url(sign(key, message.encode()))}"


@lru_cache(maxsize=256)
def _write_header(key: ec.EllipticCurvePrivateKey, typ: str) -> str:
    header = _Header("ES256", thumbprint(public_jwk(key)), typ)
    return encode_base64url(msgspec.json.encode(header))


def read_compact(text: str, keys: Mapping[str, PublicJwk], typ: str) -> bytes:
    """Return the claims of a compact JWS of that type; raises ValueError when it does not hold."""
    parts = text.split(".")
    if len(parts) != _PARTS:
        raise ValueError("not a compact JWS")
    header = msgspec.json.decode(decode_base64url(parts[0]), type=_Header)
    jwk = keys.get(header.kid)
    signing_input = f"{parts[0]}.{parts[1]}".encode()
    if (header.alg, header.typ) != ("ES256", typ) or jwk is None:
        raise ValueError("another type, algorithm or key")
    if not is_signed(jwk, signing_input, decode_base64url(parts[2])):
        raise ValueError("the signature does not hold")
    return decode_base64url(parts[1])
