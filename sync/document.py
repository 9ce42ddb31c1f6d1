"""Signed documents: compose, sign, read, verify and hash them; the one place that looks at a payload's bytes before anything else does."""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Never
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.instants import read_instant, write_instant
from sync.keys import (
    PublicJwk,
    decode_base64url,
    encode_base64url,
    is_signed,
    public_jwk,
    sign,
    thumbprint,
)
from sync.messages import (
    DEPTH_MAX,
    PAYLOAD_BYTES_MAX,
    SAFE_INTEGER_MAX,
    FieldError,
    Item,
    Payload,
)

_SALT_BYTES: Final = 16
_HEADER_KEYS: Final = {"alg": "ES256", "b64": False, "crit": ["b64"]}
_SURROGATE: Final = "\\ud"


class Refused(Exception):
    """A document that is refused for good; `code` is one of the custody codes of protocol.md."""

    def __init__(self, code: str, errors: tuple[FieldError, ...] = ()) -> None:
        """Keep the code and where it applies."""
        super().__init__(code)
        self.code = code
        self.errors = errors


class Document(msgspec.Struct, frozen=True):
    """An item whose payload was read; nothing is said yet about its signature or its body."""

    item: Item
    payload: Payload
    kid: str
    hash: bytes

    @property
    def id(self) -> UUID:
        """The id that the author's device made."""
        return self.payload.id


def uuid7(now_ms: int | None = None) -> UUID:
    """Return a new UUIDv7 (RFC 9562 section 5.7); `now_ms` is milliseconds since 1970."""
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    value = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return UUID(int=value | 0b10 << 62 | secrets.randbits(62))


def hash_payload(payload: str) -> bytes:
    """Return the SHA-256 that, with the id, identifies a document for ever."""
    return hashlib.sha256(payload.encode()).digest()


def disclose(values: Mapping[str, Any]) -> tuple[str, str]:
    """Return a disclosure's text with a fresh salt, and the digest that stands in the body."""
    salt = encode_base64url(secrets.token_bytes(_SALT_BYTES))
    text = msgspec.json.encode([salt, values]).decode()
    return text, digest_of(text)


def digest_of(disclosure: str) -> str:
    """Return the digest that a body carries for a disclosure's text."""
    return encode_base64url(hashlib.sha256(disclosure.encode()).digest())


def compose(
    key: ec.EllipticCurvePrivateKey,
    payload: Mapping[str, Any],
    disclosed: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    now_ms: int | None = None,
) -> Item:
    """Sign a document; `payload` holds what the caller knows, the rest gets its default (wire.md, "Item").

    `disclosed` maps names to the personal values that travel beside the signature.
    """
    opened = {name: disclose(values) for name, values in (disclosed or {}).items()}
    body = {**payload["body"], **{name: digest for name, (_, digest) in opened.items()}}
    kid = thumbprint(public_jwk(key))
    document_id = payload.get("id") or uuid7(now_ms)
    made_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    signed = {
        "v": 1,
        "by": kid,
        "id": document_id,
        "entity": document_id,
        "base": None,
        "after": [],
        "seq": 1,
        "made_at": write_instant(made_ms),
        "anchor": None,
        **payload,
        "body": body,
    }
    text = msgspec.json.encode(signed).decode()
    return sign_payload(key, text, {name: text for name, (text, _) in opened.items()} or None)


def sign_payload(
    key: ec.EllipticCurvePrivateKey, payload: str, disclosures: dict[str, str] | None = None
) -> Item:
    """Sign a payload's text as it stands: the bytes are never written anew."""
    header = {**_HEADER_KEYS, "kid": thumbprint(public_jwk(key))}
    protected = encode_base64url(msgspec.json.encode(header))
    signature = sign(key, _signing_input(protected, payload))
    return Item(protected, payload, encode_base64url(signature), disclosures)


def read_item(data: bytes | msgspec.Raw) -> Document:
    """Read an item; raises Refused("malformed") or, when header and payload name two authors, "bad-signature"."""
    try:
        item = msgspec.json.decode(data, type=Item)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("malformed") from error
    return read_document(item)


def read_document(item: Item) -> Document:
    """Read an item's header, payload and disclosures; raises Refused as `read_item` does."""
    kid = _read_header(item.protected)
    payload = read_payload(item.payload)
    if payload.by != kid:
        raise Refused("bad-signature")
    for name, text in (item.disclosures or {}).items():
        _check_disclosure(payload, name, text)
    return Document(item, payload, kid, hash_payload(item.payload))


def is_authentic(document: Document, jwk: PublicJwk) -> bool:
    """Say whether the document was signed by the key that it names."""
    item = document.item
    try:
        signature = decode_base64url(item.signature)
    except ValueError:
        return False
    if thumbprint(jwk) != document.kid:
        return False
    return is_signed(jwk, _signing_input(item.protected, item.payload), signature)


def read_payload(text: str) -> Payload:
    """Read a payload's text; the one place that checks size, UTF-8, depth, duplicate keys and integers.

    Raises Refused("malformed") with the pointer of what is wrong where it is known.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise Refused("malformed") from error
    if len(data) > PAYLOAD_BYTES_MAX:
        raise Refused("malformed", (FieldError("/payload", "field.too-long"),))
    check_json(text)
    try:
        payload = msgspec.json.decode(data, type=Payload)
        read_instant(payload.made_at)
    except (msgspec.DecodeError, ValueError) as error:
        raise Refused("malformed", (FieldError("/payload", "field.value"),)) from error
    if any(str(value) not in text for value in (payload.id, payload.entity)):
        raise Refused("malformed", (FieldError("/payload/id", "field.value"),))
    return payload


def check_json(text: str, depth_max: int = DEPTH_MAX) -> None:
    """Refuse JSON on which two parsers could disagree, or that costs too much to walk."""
    if text.count("{") + text.count("[") > depth_max:
        _check_depth(text, depth_max)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_read_object,
            parse_int=_read_integer,
            parse_constant=_refuse_constant,
        )
        if _SURROGATE in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refused("malformed") from error


def open_disclosure(text: str) -> dict[str, Any]:
    """Return the values in a disclosure's text; raises ValueError when it has another form."""
    salt, values = msgspec.json.decode(text, type=tuple[str, dict[str, Any]])
    if len(decode_base64url(salt)) != _SALT_BYTES:
        message = "a salt has 16 bytes"
        raise ValueError(message)
    return values


def _signing_input(protected: str, payload: str) -> bytes:
    return protected.encode() + b"." + payload.encode()


def _read_header(protected: str) -> str:
    try:
        header = msgspec.json.decode(decode_base64url(protected))
        kid = header.pop("kid")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise Refused("malformed", (FieldError("/protected", "field.value"),)) from error
    if header != _HEADER_KEYS or not isinstance(kid, str):
        raise Refused("malformed", (FieldError("/protected", "field.value"),))
    return kid


def _check_disclosure(payload: Payload, name: str, text: str) -> None:
    try:
        check_json(text)
        open_disclosure(text)
        digest = digest_of(text)
        body = msgspec.json.decode(payload.body, type=dict[str, Any])
    except (ValueError, Refused) as error:
        raise Refused("malformed", (FieldError(f"/disclosures/{name}", "field.value"),)) from error
    if body.get(name) != digest:
        raise Refused("malformed", (FieldError(f"/disclosures/{name}", "field.value"),))


def _check_depth(text: str, depth_max: int) -> None:
    depth = 0
    step: Callable[[str], int] = {"{": 1, "[": 1, "}": -1, "]": -1}.__getitem__
    for character in _without_strings(text):
        depth += step(character)
        if depth > depth_max:
            raise Refused("malformed")


def _without_strings(text: str) -> str:
    outside = text.replace("\\\\", "").replace('\\"', "").split('"')[::2]
    return "".join(character for part in outside for character in part if character in "{}[]")


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        message = "duplicate key"
        raise ValueError(message)
    return value


def _read_integer(digits: str) -> int:
    value = int(digits) if len(digits) <= len(str(SAFE_INTEGER_MAX)) + 1 else SAFE_INTEGER_MAX + 1
    if abs(value) > SAFE_INTEGER_MAX:
        message = "integer beyond 2^53"
        raise ValueError(message)
    return value


def _refuse_constant(name: str) -> Never:
    raise ValueError(name)
