"""The one file of a backup: whole or nothing, for its owner, and damage is found."""

import bz2
import gzip
import lzma
import shutil
import stat
import tarfile
from pathlib import Path
from types import ModuleType

import pytest

from api.backups.archive import ArchiveBroken, Manifest, extract_archive, write_archive

MANIFEST = Manifest(log="l", made_at="2026-03-02T03:00:00.000Z", sha256={})


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    member = tmp_path / "register.sqlite3"
    member.write_bytes(b"TEST DATA" * 1_000)
    write_archive(tmp_path / "backup.tar", {member.name: member}, MANIFEST)
    return tmp_path / "backup.tar"


def test_what_is_no_archive_is_refused(tmp_path: Path):
    for content in (b"", b"TEST DATA"):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(ArchiveBroken):
            extract_archive(tmp_path / "file", tmp_path / "out")


@pytest.mark.parametrize(("module", "place"), [(gzip, 20), (lzma, 200), (bz2, 200)])
def test_a_compressed_archive_that_is_cut_off_or_damaged_is_refused(
    archive: Path, tmp_path: Path, module: ModuleType, place: int
):
    """`tar` reads such files, and so does a restore, as long as they are whole."""
    whole = module.compress(archive.read_bytes())
    flipped = bytes([*whole[:place], whole[place] ^ 0xFF, *whole[place + 1 :]])
    (tmp_path / "whole").write_bytes(whole)
    assert extract_archive(tmp_path / "whole", tmp_path / "out").log == "l"
    for number, content in enumerate((whole[: len(whole) // 2], flipped)):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(ArchiveBroken):
            extract_archive(tmp_path / "file", tmp_path / f"out{number}")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_is_refused_wherever_it_leads(archive: Path, tmp_path: Path, kind: bytes):
    for target in ("nowhere", "register.sqlite3"):
        link = tarfile.TarInfo("register.sqlite3-wal")
        link.type, link.linkname = kind, target
        copy = Path(shutil.copy(archive, tmp_path / "linked.tar"))
        with tarfile.open(copy, "a") as linked:
            linked.addfile(link)
        with pytest.raises(ArchiveBroken, match=r"register\.sqlite3-wal does not belong"):
            extract_archive(copy, tmp_path / "out" / target)


@pytest.mark.parametrize("name", ["register.sqlite3-wal", "extra/file"])
def test_a_member_that_the_manifest_does_not_name_is_refused(
    archive: Path, tmp_path: Path, name: str
):
    with tarfile.open(archive, "a") as longer:
        longer.addfile(tarfile.TarInfo(name))
    with pytest.raises(ArchiveBroken, match=f"{name} does not belong"):
        extract_archive(archive, tmp_path / "out")


def test_an_archive_of_a_later_version_is_refused(tmp_path: Path):
    later = Manifest(version=99, log="l", made_at="2026-03-02T03:00:00.000Z", sha256={})
    write_archive(tmp_path / "backup.tar", {}, later)
    with pytest.raises(ArchiveBroken, match="this program is older"):
        extract_archive(tmp_path / "backup.tar", tmp_path / "out")


@pytest.mark.parametrize("place", [600, 2_500, 5_000])
def test_a_flipped_bit_is_found(archive: Path, tmp_path: Path, place: int):
    data = bytearray(archive.read_bytes())
    data[place] ^= 1
    archive.write_bytes(data)
    with pytest.raises(ArchiveBroken):
        extract_archive(archive, tmp_path / "out")


def test_a_member_that_left_is_missed(archive: Path, tmp_path: Path):
    with tarfile.open(archive) as whole, tarfile.open(tmp_path / "part.tar", "w") as part:
        part.addfile(whole.getmember("manifest.json"), whole.extractfile("manifest.json"))
        part.addfile(whole.getmember("manifest.sha256"), whole.extractfile("manifest.sha256"))
    with pytest.raises(ArchiveBroken, match=r"register\.sqlite3"):
        extract_archive(tmp_path / "part.tar", tmp_path / "out")


def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path):
    with tarfile.open(tmp_path / "evil.tar", "w") as evil:
        evil.addfile(tarfile.TarInfo("../escaped"))
    with pytest.raises(ArchiveBroken):
        extract_archive(tmp_path / "evil.tar", tmp_path / "out")
    assert not (tmp_path / "escaped").exists()


def test_an_archive_is_for_its_owner_and_comes_back_as_it_was(archive: Path, tmp_path: Path):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    manifest = extract_archive(archive, tmp_path / "out")
    assert (manifest.log, set(manifest.sha256)) == ("l", {"register.sqlite3"})
    out = tmp_path / "out" / "register.sqlite3"
    assert out.read_bytes() == (tmp_path / "register.sqlite3").read_bytes()
    assert list(tmp_path.glob("*.partial")) == []


def test_what_somebody_put_there_before_neither_opens_nor_leads_away_an_archive(tmp_path: Path):
    member, elsewhere = tmp_path / "register.sqlite3", tmp_path / "elsewhere"
    member.write_bytes(b"TEST DATA")
    prepared = tmp_path / "open.tar.partial"
    prepared.touch()
    prepared.chmod(0o666)
    (tmp_path / "led.tar.partial").symlink_to(elsewhere)
    for name in ("open.tar", "led.tar"):
        write_archive(tmp_path / name, {member.name: member}, MANIFEST)
        written = tmp_path / name
        assert (stat.S_IMODE(written.stat().st_mode), written.is_symlink()) == (0o600, False)
    assert not elsewhere.exists()


def test_an_archive_that_fails_leaves_nothing(tmp_path: Path):
    (tmp_path / "taken.tar").mkdir()
    member = tmp_path / "register.sqlite3"
    member.write_bytes(b"TEST DATA")
    with pytest.raises(OSError, match="taken"):
        write_archive(tmp_path / "taken.tar", {member.name: member}, MANIFEST)
    assert list(tmp_path.glob("*.partial")) == []
