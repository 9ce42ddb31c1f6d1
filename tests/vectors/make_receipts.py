"""Writes `receipts.json` and `chain.json`: what anyone can check offline about a log.

Run `python -m tests.vectors.make_receipts`. The chain is computed here from its formula in wire.md,
not with `sync/chain.py`.
"""

import hashlib
from typing import Any, Final
from uuid import UUID

from sync.instants import write_instant
from sync.keys import encode_base64url
from tests.vectors.golden import AUTHOR, REGISTER, jwk, keep, kid, sign_compact, write_json

Fields = dict[str, Any]
LOG: Final = "psh-p-preah-sihanouk"
FIRST_MS: Final = 1_663_643_465_123


def make_chain(log: str, count: int) -> Fields:
    """Return a log's first links; two entries share an instant because time never decreases."""
    link = hashlib.sha256(b"sangkat log v1\n" + log.encode()).digest()
    first, entries = link, list[Fields]()
    for pos in range(1, count + 1):
        id = UUID(int=0x01835A10_7B21_7C00_8A00_000000000000 + pos)
        digest = hashlib.sha256(b"document %d" % pos).digest()
        received_ms = FIRST_MS + pos // 2 * 1_000
        parts = (pos.to_bytes(8), id.bytes, digest, received_ms.to_bytes(8))
        link = hashlib.sha256(link + b"".join(parts)).digest()
        entry = {"pos": pos, "id": str(id), "hash": encode_base64url(digest)}
        instant = {"received_at": write_instant(received_ms), "chain": encode_base64url(link)}
        entries.append(entry | instant)
    return {"log": log, "first": encode_base64url(first), "entries": entries}


def make_claims(entry: Fields) -> Fields:
    named = {"v": 1, "register": kid(REGISTER), "kind": "stay", "log": LOG, "grade": "author"}
    return named | entry


def sign(claims: Fields, key: Any = REGISTER, **header: Any) -> str:
    plain = {"alg": "ES256", "kid": kid(key), "typ": "sangkat-receipt+jws"}
    return sign_compact(key, plain | header, write_json(claims))


def list_bad(claims: Fields) -> list[Fields]:
    """Return receipts that do not hold."""
    good = sign(claims)
    header, body, signature = good.split(".")
    moved = sign(claims | {"pos": 2}).split(".")[1]
    bad = {
        "claims of another receipt": f"{header}.{moved}.{signature}",
        "signed by an unknown key": sign(claims, AUTHOR),
        "an unknown key that calls itself the register": sign(claims, AUTHOR, kid=kid(REGISTER)),
        "a head is no receipt": sign(claims, typ="sangkat-head+jws"),
        "no algorithm": sign(claims, alg="none"),
        "something critical that nobody understands": sign(claims, crit=["exp"]),
        "no signature": f"{header}.{body}.",
        "a padded signature": f"{good}==",
        "two parts": f"{header}.{body}",
        "four parts": f"{good}.{signature}",
        "no text": "",
        "a blank": f"{good} ",
        "claims without a position": sign({k: v for k, v in claims.items() if k != "pos"}),
        "a grade that does not exist": sign(claims | {"grade": "best"}),
        "a position as text": sign(claims | {"pos": "1"}),
    }
    return [{"name": name, "receipt": receipt} for name, receipt in bad.items()]


def main() -> None:
    """Write both files beside this one."""
    chains = [make_chain(LOG, 6), make_chain("log-ខេត្ត", 2)]
    keep("chain.json", {"logs": chains})
    claims = [make_claims(entry) for entry in chains[0]["entries"]]
    claims[1] |= {"kind": "premises", "grade": "register"}
    claims[2] |= {"kind": "pledge", "grade": "paper"}
    last = chains[0]["entries"][-1]
    head = {
        "v": 1,
        "register": kid(REGISTER),
        "log": LOG,
        "pos": last["pos"],
        "chain": last["chain"],
        "at": "2022-09-20T03:12:00.000Z",
    }
    content: Fields = {
        "keys": [{"kid": kid(REGISTER), "jwk": jwk(REGISTER)}],
        "receipts": [{"receipt": sign(one), "claims": one} for one in claims],
        "heads": [{"head": sign(head, typ="sangkat-head+jws"), "claims": head}],
        "negative": list_bad(claims[0]),
    }
    keep("receipts.json", content)


if __name__ == "__main__":
    main()
