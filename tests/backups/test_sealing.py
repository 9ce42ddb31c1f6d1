"""A sealed backup: its keys open it and nothing else does, and it is opened before it counts."""

import errno
import importlib
import io
import os
import tarfile
from pathlib import Path

import pytest

from api.backups.archive import ArchiveBroken, Manifest, write_archive
from api.backups.sealing import (
    NoRecipient,
    choose_write,
    is_sealed,
    make_identity,
    read_identities,
    unseal,
)

MANIFEST = Manifest(log="l", made_at="2026-03-02T03:00:00.000Z", sha256={})
CONTENT = b"TEST DATA" * 20_000
KEYS = [make_identity() for _ in range(3)]


def write_key(folder: Path, number: int) -> Path:
    private, public = KEYS[number]
    path = folder / f"{number}.txt"
    path.write_text(f"# public key: {public}\n{private}\n")
    return path


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    """An archive that the first two keys open."""
    member = tmp_path / "register.sqlite3"
    member.write_bytes(CONTENT)
    write = choose_write([public for _, public in KEYS[:2]])
    write_archive(tmp_path / "backup.tar.age", {member.name: member}, MANIFEST, write)
    return tmp_path / "backup.tar.age"


@pytest.mark.parametrize("text", ["", "age1", KEYS[0][0], f"{KEYS[0][1]}q"], ids=range(4))
def test_what_is_no_public_key_is_refused(text: str):
    with pytest.raises(NoRecipient):
        choose_write([text])


@pytest.mark.parametrize("content", [b"", b"TEST DATA", b"\xff", b"# AGE-SECRET-KEY-1\n"])
def test_what_holds_no_private_key_is_refused(tmp_path: Path, content: bytes):
    (tmp_path / "key.txt").write_bytes(content)
    with pytest.raises(ArchiveBroken, match="no key"):
        read_identities(tmp_path / "key.txt")


def test_another_key_does_not_open_it(sealed: Path, tmp_path: Path):
    with pytest.raises(ArchiveBroken, match="sealed to another key"):
        unseal(sealed, tmp_path / "out", read_identities(write_key(tmp_path, 2)))


@pytest.mark.parametrize("length", [30, 250, 70_000, 131_500, -16, -1])
def test_one_that_was_cut_off_is_refused(sealed: Path, tmp_path: Path, length: int):
    """At the end of a part of 64 KiB as well: the last part is marked as the last."""
    sealed.write_bytes(sealed.read_bytes()[:length])
    with pytest.raises(ArchiveBroken, match="damaged or cut off"):
        unseal(sealed, tmp_path / "out", read_identities(write_key(tmp_path, 0)))


@pytest.mark.parametrize("place", [-1, 1_000, 100_000])
def test_a_flipped_bit_is_found(sealed: Path, tmp_path: Path, place: int):
    data = bytearray(sealed.read_bytes())
    data[place] ^= 1
    sealed.write_bytes(data)
    with pytest.raises(ArchiveBroken, match="damaged or cut off"):
        unseal(sealed, tmp_path / "out", read_identities(write_key(tmp_path, 0)))


def test_a_full_disk_is_told_as_one():
    why = os.strerror(errno.ENOSPC)
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match=why):
        choose_write([KEYS[0][1]])(iter([CONTENT]), full)


def test_what_does_not_come_back_as_it_was_written_does_not_count():
    class Forgetful(io.BytesIO):
        def write(self, data):
            return super().write(bytes(data)[:-1] + b"\0")

    with pytest.raises(OSError, match=r"decryption|came back"):
        choose_write([KEYS[0][1]])(iter([CONTENT]), Forgetful())


def test_a_member_that_cannot_be_read_leaves_no_archive(tmp_path: Path):
    write = choose_write([KEYS[0][1]])
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write_archive(tmp_path / "backup", {"register": tmp_path / "folder"}, MANIFEST, write)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_it_shows_nothing_of_what_it_holds(sealed: Path):
    assert is_sealed(sealed)
    assert b"TEST DATA" not in sealed.read_bytes()
    assert b"register" not in sealed.read_bytes()


@pytest.mark.parametrize("number", [0, 1])
def test_each_of_its_keys_opens_it_in_any_program_for_age(sealed: Path, number: int):
    pyrage = importlib.import_module("pyrage")
    identity = pyrage.x25519.Identity.from_str(KEYS[number][0])
    plain = io.BytesIO(pyrage.decrypt(sealed.read_bytes(), [identity]))
    with tarfile.open(fileobj=plain) as archive:
        member = archive.extractfile("register.sqlite3")
        assert member is not None
        assert member.read() == CONTENT
