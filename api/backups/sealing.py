"""Seals a backup to the operator's public key in the format of age, and opens it again.

Any program that reads age opens it too. The package is imported where it is used: a register
without the extra `backups` serves, and says that it is missing.
"""

import hashlib
import importlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from api.backups.archive import ArchiveBroken, Write, write_plainly

_MAGIC: Final = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
_PRIVATE_KEY: Final = "AGE-SECRET-KEY-"
RECIPIENTS_MAX: Final = 16


class SealingMissing(RuntimeError):
    """The machine lacks the package that seals."""


class NoRecipient(ValueError):
    """A text that is no public key to seal to."""


def make_identity() -> tuple[str, str]:
    """Return a new private key and its public half."""
    made = _import().x25519.Identity.generate()
    return str(made), str(made.to_public())


def check_recipients(recipients: Sequence[str]) -> None:
    """Raise NoRecipient unless each of these texts is a public key."""
    _read_recipients(recipients)


def choose_write(recipients: Sequence[str]) -> Write:
    """Return how to write a backup that these can open; to nobody it is written plainly."""
    if not recipients:
        return write_plainly
    return partial(_seal, _read_recipients(recipients))


def _seal(recipients: Sequence[Any], blocks: Iterator[bytes], file: IO[bytes]) -> None:
    """Write blocks sealed, then open what was written and compare it; raises OSError.

    A key that lives in this call alone opens it: nobody has the operator's at hand, and a backup
    that was never opened is a hope.
    """
    pyrage = _import()
    own = pyrage.x25519.Identity.generate()
    source, sink, proof = _Source(blocks), _Sink(file), _Proof()
    try:
        pyrage.encrypt_io(source, sink, [*recipients, own.to_public()])
    except pyrage.EncryptError as error:
        raise (source.error or sink.error or OSError(str(error))) from error
    file.seek(0)
    pyrage.decrypt_io(file, proof, [own])
    if proof.total.digest() != source.total.digest():
        raise OSError("what was written is not what came back")


def is_sealed(path: Path) -> bool:
    """Say whether a file begins as what age writes does."""
    with path.open("rb") as file:
        return file.read(64).startswith(_MAGIC)


def read_identities(path: Path) -> list[Any]:
    """Return the private keys in a file as `age-keygen` writes it; raises ArchiveBroken."""
    pyrage = _import()
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if _PRIVATE_KEY in line]
    except (ValueError, pyrage.IdentityError) as error:
        raise ArchiveBroken(f"{path} holds no key that opens backups") from error
    if not found:
        raise ArchiveBroken(f"{path} holds no key that opens backups")
    return found


def unseal(source: Path, target: Path, identities: Sequence[Any]) -> None:
    """Write what a sealed file holds; raises ArchiveBroken unless all of it is as it was."""
    pyrage = _import()
    with source.open("rb") as file, target.open("xb") as copy:
        sink = _Sink(copy)
        try:
            pyrage.decrypt_io(file, sink, identities)
        except (pyrage.DecryptError, OSError) as error:
            raise sink.error or ArchiveBroken(_describe(source, error)) from error


def _describe(source: Path, error: Exception) -> str:
    if "No matching keys" in str(error):
        return f"{source} is sealed to another key than those given"
    return f"{source} is damaged or cut off: {error}"


def _read_recipients(recipients: Sequence[str]) -> list[Any]:
    pyrage = _import()
    try:
        return [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    except pyrage.RecipientError as error:
        raise NoRecipient("a recipient is a public key as age writes it, age1…") from error


def _import() -> Any:
    try:
        return importlib.import_module("pyrage")
    except ImportError as error:
        raise SealingMissing("sealed backups need the extra [backups]") from error


class _Source:
    """Gives blocks to a reader of a few bytes at a time, and knows the digest of them all."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.total = hashlib.sha256()
        self.error: Exception | None = None
        self._blocks = blocks
        self._left = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Return some bytes, none at the end."""
        try:
            while not self._left:
                self._left = memoryview(next(self._blocks))
        except StopIteration:
            return b""
        except Exception as error:  # told on by who seals: pyrage says only that reading failed
            self.error = error
            raise
        part, self._left = bytes(self._left[:size]), self._left[size:]
        self.total.update(part)
        return part


class _Sink:
    """Keeps the error of a file, of which the sealing would only keep the text."""

    def __init__(self, file: IO[bytes]) -> None:
        self.error: OSError | None = None
        self._file = file

    def write(self, data: bytes) -> int:
        """Write all of it."""
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        """Hand on what is buffered."""
        try:
            self._file.flush()
        except OSError as error:
            self.error = error
            raise


class _Proof:
    """Keeps nothing of what comes back but its digest."""

    def __init__(self) -> None:
        self.total = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Count it in."""
        self.total.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""
