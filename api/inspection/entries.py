"""What can be said of one entry by itself: hash, signature, disclosures, receipt."""

from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec

from api.inspection.records import Logged
from sync.document import (
    Document,
    Refused,
    carry,
    digest_of,
    hash_payload,
    is_authentic,
    read_document,
)
from sync.instants import write_instant
from sync.keys import PublicJwk, encode_base64url
from sync.receipts import Receipt, read_receipt


def read(logged: Logged) -> tuple[Document | None, list[str]]:
    """Return the document, without disclosures that are not its own, and what is wrong with it."""
    if logged.item is None:
        return None, ["its payload is gone"]
    bare = msgspec.structs.replace(logged.item, disclosures=None)
    try:
        document = read_document(bare)
    except Refused as error:
        return None, [f"its payload cannot be read ({error.code})"]
    given = logged.item.disclosures or {}
    kept = {
        name: text for name, text in given.items() if digest_of(text) == document.body.get(name)
    }
    wrong = [f"the disclosure {name} is not what was signed" for name in given if name not in kept]
    document = carry(document, kept)
    return document, [*wrong, *_check_frame(logged, document)]


def _check_frame(logged: Logged, document: Document) -> Iterator[str]:
    """Compare what the entry says beside the document with what the document says."""
    payload = document.payload
    if hash_payload(document.item.payload) != logged.hash:
        yield "its payload does not have its hash"
    columns = (logged.id, logged.by, logged.kind, logged.entity, logged.place)
    if columns != (payload.id, payload.by, payload.kind, payload.entity, payload.place):
        yield "it is filed under what its payload does not say"


def check_signature(document: Document, keys: Mapping[str, PublicJwk]) -> Iterator[str]:
    """Check that the key that the document names signed it; `keys` are those registered before."""
    jwk = keys.get(document.kid)
    if jwk is None:
        yield "no entry before it registers its key"
    elif not is_authentic(document, jwk):
        yield "its signature does not hold"


def find_jwk(document: Document) -> PublicJwk | None:
    """Return the key that a document of kind account registers."""
    if document.payload.kind != "account":
        return None
    try:
        return msgspec.json.decode(document.payload.body, type=_Registering).jwk
    except ValueError:
        return None


class _Registering(msgspec.Struct):
    jwk: PublicJwk | None = None


def check_receipt(
    logged: Logged, log: str, keys: Mapping[str, PublicJwk], grade: str | None
) -> Iterator[str]:
    """Check that the stored receipt is signed by the register and says what the entry is."""
    try:
        claims = read_receipt(logged.receipt, keys)
    except ValueError:
        yield "its receipt is not signed by this register"
        return
    said = (claims.id, claims.hash, claims.kind, claims.log, claims.pos, claims.chain)
    true = (logged.id, encode_base64url(logged.hash), logged.kind, log, logged.pos, _link(logged))
    if said != true or claims.received_at != write_instant(logged.received_ms):
        yield "its receipt says something else"
    elif grade is not None and claims.grade != grade:
        yield f"its receipt calls it {claims.grade}, its author makes it {grade}"


def _link(logged: Logged) -> str:
    return encode_base64url(logged.chain)


def check_held(claims: Receipt, known: Mapping[UUID, Logged], head: int) -> str | None:
    """Return what a receipt that somebody else holds proves against this log, or None."""
    logged = known.get(claims.id)
    if logged is not None and (claims.pos, claims.hash, claims.chain) == (
        logged.pos,
        encode_base64url(logged.hash),
        _link(logged),
    ):
        return None
    if claims.pos > head:
        return f"the log ends at {head}, before its position {claims.pos}: it was cut off"
    return f"position {claims.pos} holds something else: the log was written anew"
