"""The register's own keys: one for receipts and heads, one for what it composes."""

import hashlib
import os
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from msgspec import Struct

from sync.keys import PublicJwk, new_private_key, public_jwk, thumbprint

_PRIVATE: Final = 0o600


class RegisterKeys(Struct, frozen=True):
    """The private keys in use; retired public halves stay published in `/v1/sync/info`."""

    receipt: ec.EllipticCurvePrivateKey
    gateway: ec.EllipticCurvePrivateKey

    @property
    def receipt_kid(self) -> str:
        """The `kid` of receipts and heads."""
        return thumbprint(self.receipt_jwk)

    @property
    def receipt_jwk(self) -> PublicJwk:
        """The public key that receipts are checked with."""
        return public_jwk(self.receipt)

    @property
    def gateway_kid(self) -> str:
        """The `by` of every document that the register composes."""
        return thumbprint(public_jwk(self.gateway))

    @property
    def nonce_key(self) -> bytes:
        """A secret that every process of the register can derive, for stateless nonces."""
        secret = self.gateway.private_numbers().private_value.to_bytes(32)
        return hashlib.sha256(b"sangkat nonce\n" + secret).digest()


def load_keys(directory: Path) -> RegisterKeys:
    """Read the keys, making those that are missing; files are readable by their owner only."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return RegisterKeys(
        _load_or_make(directory / "receipt.pem"), _load_or_make(directory / "gateway.pem")
    )


def _load_or_make(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        pem = new_private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        message = f"{path} holds no P-256 key"
        raise TypeError(message)
    return key
