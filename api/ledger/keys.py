"""The register's own keys: one for receipts and heads, one for what it composes."""

import hashlib
import logging
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from msgspec import Struct
from msgspec.structs import replace

from api.scratch import make_folder, sync_names
from sync.instants import read_instant, write_instant
from sync.keys import PublicJwk, new_private_key, public_jwk, thumbprint

_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700
_OTHERS: Final = 0o077
logger: Final = logging.getLogger("sangkat")


class KeysBroken(Exception):
    """Keys that cannot be read, or are gone while the log that they signed is there."""


class ReceiptKey(Struct, frozen=True):
    """A public key that receipts and heads are checked with; `valid_until` is null while in use."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    valid_from: str
    valid_until: str | None

    @property
    def jwk(self) -> PublicJwk:
        """The key alone."""
        return PublicJwk(self.kty, self.crv, self.x, self.y)


class RegisterKeys(Struct, frozen=True):
    """The private keys in use, and the public half of every receipt key there ever was."""

    receipt: ec.EllipticCurvePrivateKey
    gateway: ec.EllipticCurvePrivateKey
    published: tuple[ReceiptKey, ...]

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
        return self._derive(b"sangkat nonce")

    @property
    def import_key(self) -> bytes:
        """A secret that makes the same ids of the same imported rows, also after a restore."""
        return self._derive(b"sangkat import")

    def _derive(self, purpose: bytes) -> bytes:
        secret = self.gateway.private_numbers().private_value.to_bytes(32)
        return hashlib.sha256(purpose + b"\n" + secret).digest()


def load_keys(directory: Path, now_ms: int) -> RegisterKeys:
    """Read the keys, making those that are missing; private ones are their owner's alone from now.

    A receipt key is rotated by moving `receipt.pem` away: its public half stays published. `now_ms`
    is not before the end of the log, which it signed, even when the clock went back since.
    Raises KeysBroken for a file that holds no key, and for a list that contradicts itself.
    """
    make_folder(directory, mode=_PRIVATE_FOLDER)
    _take_from_others(directory)
    path = directory / "receipt-keys.json"
    known = _read_published(path) if path.exists() else []
    for said in find_contradictions(known):
        raise KeysBroken(f"{path} contradicts itself: {said}")
    receipt = _load_or_make(directory / "receipt.pem")
    published = _publish(path, known, public_jwk(receipt), now_ms)
    return RegisterKeys(receipt, _load_or_make(directory / "gateway.pem"), published)


def read_keys(directory: Path) -> RegisterKeys:
    """Read the keys as they are, making and publishing none; raises KeysBroken for a missing one.

    What is published may contradict itself or the keys: see find_contradictions.
    """
    check_keys(directory)
    receipt = directory / "receipt.pem"
    if not receipt.is_file():
        raise KeysBroken(f"{receipt} is missing: `sangkat serve` makes a new one")
    published = tuple(_read_published(directory / "receipt-keys.json"))
    return RegisterKeys(_load_or_make(receipt), _load_or_make(directory / "gateway.pem"), published)


def read_public(directory: Path) -> tuple[str, list[ReceiptKey]]:
    """Return the gateway key's `kid` and what is published; raises KeysBroken for a missing one."""
    check_keys(directory)
    gateway = _load_or_make(directory / "gateway.pem")
    return thumbprint(public_jwk(gateway)), _read_published(directory / "receipt-keys.json")


def check_keys(directory: Path) -> None:
    """Raise KeysBroken where a log is and its keys are not: new ones would prove nothing of it."""
    for name in ("gateway.pem", "receipt-keys.json"):
        if not (directory / name).is_file():
            raise KeysBroken(f"{directory / name} is missing")


def find_exposed(directory: Path) -> Iterator[tuple[Path, int]]:
    """Return each private key that other users of the machine may open, with its mode."""
    for path in sorted(directory.glob("*.pem")):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            yield path, mode


def _take_from_others(directory: Path) -> None:
    """Give private keys their mode back, which a copy by hand may lose; raises OSError."""
    for path, mode in find_exposed(directory):
        path.chmod(_PRIVATE)
        logger.warning("keys: other users could open %s (mode %04o), 0600 now", path.name, mode)


def find_contradictions(published: Sequence[ReceiptKey]) -> Iterator[str]:
    """Return a line for each published key that `load_keys` cannot have written where it stands.

    The newest comes first and is in use; each of the others ends when the one before it begins.
    """
    end: str | None = None
    for place, key in enumerate(published):
        kid = thumbprint(key.jwk)
        if key.kid != kid:
            yield f"receipt key {kid} is published under another name"
        elif not _is_dated(key):
            yield f"receipt key {kid} is published without the instants of its use"
        elif key.valid_until != end:
            wanted = "is still in use" if place == 0 else "ended when the next one began"
            yield f"receipt key {kid} is not published as one that {wanted}"
        if place == 0 or (key.valid_until == end and _is_dated(key)):
            # Only from a key that fits: a foreign one in between does not make the next one wrong.
            end = key.valid_from


def _is_dated(key: ReceiptKey) -> bool:
    try:
        read_instant(key.valid_from)
        read_instant(key.valid_until or key.valid_from)
    except ValueError:
        return False
    return True


def _publish(
    path: Path, known: Sequence[ReceiptKey], jwk: PublicJwk, now_ms: int
) -> tuple[ReceiptKey, ...]:
    """Return every receipt key, the current one first; retire the others as of now."""
    now, kid = write_instant(now_ms), thumbprint(jwk)
    if known and known[0].kid == kid:
        return tuple(known)
    retired = [replace(key, valid_until=key.valid_until or now) for key in known]
    current = ReceiptKey(jwk.kty, jwk.crv, jwk.x, jwk.y, kid, now, None)
    _write_private(path, msgspec.json.encode([current, *retired]))
    return (current, *retired)


def _read_published(path: Path) -> list[ReceiptKey]:
    """Return what was published; an empty list was never written by this program."""
    try:
        known = msgspec.json.decode(path.read_bytes(), type=list[ReceiptKey])
    except ValueError as error:
        raise KeysBroken(f"{path} holds no keys") from error
    if not known:
        raise KeysBroken(f"{path} holds no keys")
    return known


def _load_or_make(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        pem = new_private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_private(path, pem)
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise KeysBroken(f"{path} holds no key") from error
    if not (isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1"):
        raise KeysBroken(f"{path} holds no P-256 key")
    return key


def _write_private(path: Path, data: bytes) -> None:
    """Replace a file as a whole, readable by its owner only, on disk before it counts."""
    written = path.with_suffix(".new")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
    sync_names(path.parent)
