"""Signed documents: compose, sign, read, verify and hash them.

The one place that looks at a payload's bytes before anything else does, so that no two readers can
disagree on what was signed. Formats: wire.md, "Item"; steps in brackets: README.md.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, Literal, cast
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sync.ids import find_bad_id
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
from sync.locating import locate
from sync.messages import (
    DEPTH_MAX,
    PAYLOAD_BYTES_MAX,
    FieldError,
    Item,
    Kid,
    Payload,
)
from sync.strict_json import read_json
from sync.unreadable import find_unreadable

_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_HEADERS_KEPT: Final = 10_000


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The protected header (RFC 7797): the payload travels as text, not as base64url."""

    alg: Literal["ES256"]
    b64: bool
    crit: tuple[Literal["b64"]]
    kid: Kid


class Refused(Exception):
    """A document that is refused for good; `code` is one of the custody codes of protocol.md."""

    def __init__(self, code: str, errors: tuple[FieldError, ...] = ()) -> None:
        """Keep the code and where it applies."""
        super().__init__(code)
        self.code = code
        self.errors = errors


class Document(msgspec.Struct, frozen=True):
    """An item that was read, once; nothing is said yet about its signature or its body's fields.

    `body` is the payload's, and `disclosed` holds the values of its disclosures by name.
    """

    item: Item
    payload: Payload
    kid: str
    hash: bytes
    body: dict[str, Any] = {}
    disclosed: dict[str, dict[str, Any]] = {}

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
    """Sign a document [C1]; `payload` holds what the caller knows, the rest gets its default.

    `disclosed` maps names to the personal values that travel beside the signature.
    """
    opened = {name: disclose(values) for name, values in (disclosed or {}).items()}
    document_id = payload.get("id") or uuid7(now_ms)
    made_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    after: list[UUID] = []
    signed: dict[str, Any] = {
        "v": 1,
        "by": thumbprint(public_jwk(key)),
        "id": document_id,
        "entity": document_id,
        "base": None,
        "after": after,
        "seq": 1,
        "made_at": write_instant(made_ms),
        "anchor": None,
        **payload,
        "body": {**payload["body"], **{name: digest for name, (_, digest) in opened.items()}},
    }
    text = msgspec.json.encode(signed).decode()
    return sign_payload(key, text, {name: text for name, (text, _) in opened.items()} or None)


def sign_payload(
    key: ec.EllipticCurvePrivateKey, payload: str, disclosures: dict[str, str] | None = None
) -> Item:
    """Sign a payload's text as it stands: the bytes are never written anew."""
    header = _Header("ES256", b64=False, crit=("b64",), kid=thumbprint(public_jwk(key)))
    protected = encode_base64url(msgspec.json.encode(header))
    signature = sign(key, _signing_input(protected, payload))
    return Item(protected, payload, encode_base64url(signature), disclosures)


def read_item(data: bytes | msgspec.Raw) -> Document:
    """Read an item; raises Refused: "malformed", or "bad-signature" when it names two authors."""
    try:
        item = msgspec.json.decode(data, type=Item)
        # What reads back to the same bytes names nothing twice.
        if msgspec.json.encode(item) != bytes(data):
            check_json(bytes(data).decode())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("malformed", find_unreadable(data)) from error
    return read_document(item)


def read_document(item: Item) -> Document:
    """Read an item's header, payload and disclosures; raises Refused as `read_item` does."""
    kid = _read_header(item.protected)
    payload, body = _read_payload(item.payload)
    if payload.by != kid:
        raise Refused("bad-signature")
    texts = (item.disclosures or {}).items()
    disclosed = {name: _read_disclosure(body, name, text) for name, text in texts}
    return Document(item, payload, kid, hash_payload(item.payload), body, disclosed)


def carry(document: Document, disclosures: dict[str, str]) -> Document:
    """Return the document with these disclosures, whose digests its body has, in place of its own.

    Raises ValueError for one of another form.
    """
    item: Item = msgspec.structs.replace(document.item, disclosures=disclosures or None)
    disclosed = {name: open_disclosure(text) for name, text in disclosures.items()}
    return msgspec.structs.replace(document, item=item, disclosed=disclosed)


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
    """Read a payload's text: size, UTF-8, depth, duplicate keys, integers, then its form.

    Raises Refused("malformed") with the pointer of what is wrong where it is known.
    """
    return _read_payload(text)[0]


def _read_payload(text: str) -> tuple[Payload, dict[str, Any]]:
    """Return a payload and its body."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise Refused("malformed") from error
    if len(data) > PAYLOAD_BYTES_MAX:
        raise Refused("malformed", (FieldError("/payload", "field.too-long"),))
    try:
        value = read_json(text, DEPTH_MAX)
        payload = msgspec.json.decode(data, type=Payload)
    except msgspec.ValidationError as error:
        raise Refused("malformed", (locate(error, "/payload"),)) from error
    except ValueError as error:
        raise Refused("malformed", (FieldError("/payload", "field.value"),)) from error
    wrong = find_bad_id(value) or _find_bad_text(payload)
    if wrong is not None:
        raise Refused("malformed", (FieldError(f"/payload/{wrong}", "field.value"),))
    body = value["body"]
    if not isinstance(body, dict):
        raise Refused("malformed", (FieldError("/payload/body", "field.type"),))
    return payload, cast("dict[str, Any]", body)


def check_json(text: str, depth_max: int = DEPTH_MAX) -> None:
    """Refuse JSON on which two parsers could disagree, or that costs too much to walk."""
    try:
        read_json(text, depth_max)
    except ValueError as error:
        raise Refused("malformed") from error


def open_disclosure(text: str) -> dict[str, Any]:
    """Return the values in a disclosure's text; raises ValueError when it has another form."""
    return _open(msgspec.json.decode(text))


def _open(disclosure: object) -> dict[str, Any]:
    salt, values = msgspec.convert(disclosure, tuple[str, dict[str, Any]])
    if len(decode_base64url(salt)) != _SALT_BYTES:
        raise ValueError("a salt has 16 bytes")
    return values


def _signing_input(protected: str, payload: str) -> bytes:
    return protected.encode() + b"." + payload.encode()


@lru_cache(maxsize=_HEADERS_KEPT)
def _read_header(protected: str) -> str:
    """Return the key's id; the header is the same in every document of a key."""
    try:
        text = decode_base64url(protected).decode()
        check_json(text)
        header = msgspec.json.decode(text, type=_Header)
    except (ValueError, Refused) as error:
        raise Refused("malformed", (FieldError("/protected", "field.value"),)) from error
    if header.b64:
        raise Refused("malformed", (FieldError("/protected", "field.value"),))
    return header.kid


def _read_disclosure(body: Mapping[str, Any], name: str, text: str) -> dict[str, Any]:
    try:
        values = _open(read_json(text, DEPTH_MAX))
        is_meant = body.get(name) == digest_of(text)
    except ValueError as error:
        raise Refused("malformed", (FieldError(f"/disclosures/{name}", "field.value"),)) from error
    if not is_meant:
        raise Refused("malformed", (FieldError(f"/disclosures/{name}", "field.value"),))
    return values


def _find_bad_text(payload: Payload) -> str | None:
    """Return where an instant or a link of the chain is none."""
    anchor = payload.anchor
    texts = [("made_at", payload.made_at, read_instant)]
    if anchor is not None:
        texts += [
            ("anchor/at", anchor.at, read_instant),
            ("anchor/chain", anchor.chain, _read_link),
        ]
    for pointer, text, read in texts:
        try:
            read(text)
        except ValueError:
            return pointer
    return None


def _read_link(text: str) -> bytes:
    link = decode_base64url(text)
    if len(link) != _HASH_BYTES:
        raise ValueError("a link of the chain has 32 bytes")
    return link
