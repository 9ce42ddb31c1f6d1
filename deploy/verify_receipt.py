"""Checks a receipt with the register's published keys, and with nothing of ours.

Usage: verify_receipt.py RECEIPT.json INFO.json — the answers of `GET /v1/receipts/{id}` and
`GET /v1/sync/info`. Prints what the receipt says; exit code 1 when it does not hold.
"""

import base64
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify(receipt: str, keys: list[dict[str, str]]) -> dict[str, object]:
    header, claims, signature = receipt.split(".")
    read = dict(json.loads(decode(header)))
    if (read.get("alg"), read.get("typ")) != ("ES256", "sangkat-receipt+jws"):
        raise ValueError("something else that the register signed")
    key = {key["kid"]: key for key in keys}[read["kid"]]
    x, y = (int.from_bytes(decode(key[name]), "big") for name in "xy")
    r, s = (int.from_bytes(decode(signature)[n], "big") for n in (slice(32), slice(32, None)))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    public.verify(encode_dss_signature(r, s), f"{header}.{claims}".encode(), ec.ECDSA(SHA256()))
    return json.loads(decode(claims))


if __name__ == "__main__":
    try:
        given, info = (json.loads(Path(name).read_text()) for name in sys.argv[1:])
        print(json.dumps(verify(str(given["receipt"]), info["receipt_keys"]), indent=2))
    except (InvalidSignature, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        sys.exit(f"the receipt does not hold, or is none: {type(error).__name__}: {error}")
