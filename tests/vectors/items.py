"""Items of golden files: signed without chance, and as broken as a case needs them."""

import hashlib
from typing import Any, Final

from sync.keys import encode_base64url
from tests.vectors.golden import AUTHOR, kid, sign_steadily, write_json

Fields = dict[str, Any]
ID: Final = "01835a10-7b21-7c00-8a00-00000000000"
HASH: Final = encode_base64url(hashlib.sha256(b"TEST DATA").digest())
HEADER: Final[Fields] = {"alg": "ES256", "b64": False, "crit": ["b64"], "kid": kid(AUTHOR)}
IDENTITY: Final[Fields] = {"primary": "TESTDATA", "secondary": "ONE", "born_on": "1990-05"}
PAYLOAD: Final[Fields] = {
    "v": 1,
    "by": kid(AUTHOR),
    "kind": "stay",
    "id": ID + "2",
    "entity": ID + "2",
    "base": None,
    "after": [ID + "1"],
    "log": "psh-p-preah-sihanouk",
    "place": "psh-c-sangkat-4",
    "seq": 2,
    "made_at": "2022-09-20T03:11:05.123Z",
    "anchor": None,
    "body": {"premises_id": ID + "1", "nationality": "unknown", "sex": "X"},
}


def disclose(number: int, values: Fields) -> tuple[str, str]:
    """Return a disclosure with a salt that is the same on every run, and its digest."""
    salt = encode_base64url(hashlib.sha256(b"salt %d" % number).digest()[:16])
    text = write_json([salt, values])
    return text, encode_base64url(hashlib.sha256(text.encode()).digest())


def sign(payload: str, disclosures: Fields | None = None, **header: Any) -> Fields:
    """Return an item over a payload's text as it stands."""
    protected = encode_base64url(write_json(HEADER | header).encode())
    signature = sign_steadily(AUTHOR, f"{protected}.{payload}")
    item: Fields = {"protected": protected, "payload": payload, "signature": signature}
    return item if disclosures is None else {**item, "disclosures": disclosures}


def write(**changes: Any) -> str:
    return write_json({**PAYLOAD, **changes})


def good(name: str, item: Fields, id: str = ID + "2") -> Fields:
    digest = hashlib.sha256(item["payload"].encode()).digest()
    return {"name": name, "id": id, "hash": encode_base64url(digest), "item": item}


def bad(name: str, item: Fields, problem: str = "malformed") -> Fields:
    return {"name": name, "problem": problem, "item": item}


def digest_of(text: str) -> str:
    return encode_base64url(hashlib.sha256(text.encode()).digest())
