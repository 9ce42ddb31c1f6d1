"""What the writers of golden files share: open keys, signatures without chance, one form."""

import json
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from sync.keys import PublicJwk, encode_base64url, public_jwk, thumbprint

FOLDER: Final = Path(__file__).parent
# TEST DATA: keys that stand in the open, for golden files only.
AUTHOR: Final = ec.derive_private_key(0x5A4E6B41, ec.SECP256R1())
REGISTER: Final = ec.derive_private_key(0x5E6157E5, ec.SECP256R1())


def jwk(key: ec.EllipticCurvePrivateKey) -> PublicJwk:
    return public_jwk(key)


def kid(key: ec.EllipticCurvePrivateKey) -> str:
    return thumbprint(public_jwk(key))


def sign_steadily(key: ec.EllipticCurvePrivateKey, message: str) -> str:
    """Return the base64url of an ES256 signature that is the same on every run (RFC 6979)."""
    der = key.sign(message.encode(), ec.ECDSA(SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return encode_base64url(r.to_bytes(32) + s.to_bytes(32))


def sign_compact(key: ec.EllipticCurvePrivateKey, header: dict[str, Any], claims: str) -> str:
    text = json.dumps(header, separators=(",", ":"))
    message = f"{encode_base64url(text.encode())}.{encode_base64url(claims.encode())}"
    return f"{message}.{sign_steadily(key, message)}"


def write_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def keep(name: str, content: dict[str, Any]) -> None:
    """Write a golden file so that a change shows line by line."""
    parts: list[str] = []
    for key, value in msgspec.to_builtins(content).items():
        lines = ",\n".join(write_json(one) for one in value) if isinstance(value, list) else None
        shown = write_json(value) if lines is None else f"[\n{lines}\n]"
        parts.append(f"{write_json(key)}: {shown}")
    (FOLDER / name).write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
