"""Photos of premises are in every backup, written once for many, and come back or are missed."""

import subprocess
import tarfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.app import open_register
from api.backups import shelf
from api.backups.archive import Manifest, write_archive
from api.backups.folder import back_up_into, thin_out
from api.backups.making import make_backup
from api.backups.schedule import make_if_due
from api.backups.sealing import make_identity
from api.backups.state import read_state
from api.blobs.files import list_kept
from api.blobs.keeping import sweep
from api.settings import Settings
from api.setup.records import Recipients
from api.setup.store import record
from tests.backups.photographed import (
    PUBLIC,
    SIZES,
    back_up,
    find_list,
    list_beside,
    read_all,
    restore,
)
from tests.blobs.photos import make_photo, send_photo
from tests.commands.served import sangkat
from tests.world import World


def list_archives(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.age"))


def read_tree(folder: Path) -> bytes:
    """Return the names of all files below, and what is in them."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return b"".join(str(path).encode() + path.read_bytes() for path in files)


def check_sums(folder: Path) -> None:
    """As somebody does who has the archive and not this program."""
    command = ["sha256sum", "--check", "--strict", "--quiet", "photos.sha256"]
    subprocess.run(command, check=True, cwd=folder)


@pytest.mark.parametrize("recipients", [(), (PUBLIC,)])
async def test_one_file_has_every_photo(lived: World, folder: Path, recipients: Sequence[str]):
    photos = read_all(lived.register.settings.blobs_dir)
    await make_backup(lived.register, folder / "backup", recipients)
    code, said, data = restore(folder / "backup")
    assert (code, said) == (0, "")
    assert read_all(data / "blobs") == photos
    assert {path.stat().st_mode & 0o777 for path in list_kept(data / "blobs")} == {0o600}
    assert len(photos) == len(SIZES)


async def test_anybody_can_check_the_photos_of_a_file(lived: World, folder: Path):
    await make_backup(lived.register, folder / "backup", ())
    with tarfile.open(folder / "backup") as archive:
        archive.extractall(folder / "out")
    check_sums(folder / "out")


async def test_photos_beside_the_archives_are_written_once_and_come_back(
    lived: World, folder: Path
):
    photos = read_all(lived.register.settings.blobs_dir)
    await back_up(lived, folder)
    written = {path: path.stat().st_mtime_ns for path in list_beside(folder)}
    list_archives(folder)[0].rename(folder / "first")
    archive = await back_up(lived, folder)
    assert {path: path.stat().st_mtime_ns for path in list_beside(folder)} == written
    assert len(written) == len(SIZES)
    for one in (archive, folder / "first"):
        code, said, data = restore(one)
        assert (code, said) == (0, "")
        assert read_all(data / "blobs") == photos


async def test_nothing_of_a_photo_is_read_beside_a_sealed_archive(lived: World, folder: Path):
    await back_up(lived, folder)
    kept = read_all(lived.register.settings.blobs_dir)
    beside = read_tree(folder)
    assert not [name for name, data in kept.items() if data[:64] in beside]
    assert not [name for name in kept if name[:20].encode() in beside]
    assert not [name for name in kept if name[65:85].encode() in beside]


async def test_a_new_key_opens_the_photos_of_later_archives(lived: World, folder: Path):
    await back_up(lived, folder, (make_identity()[1],))
    archive = await back_up(lived, folder)
    code, said, data = restore(archive)
    assert (code, said) == (0, "")
    assert len(read_all(data / "blobs")) == len(SIZES)


@pytest.mark.parametrize(
    ("wrong", "recipients"), [("missing", (PUBLIC,)), ("damaged", (PUBLIC,)), ("damaged", ())]
)
async def test_a_photo_that_is_not_as_it_was_is_named_and_nothing_restored(
    lived: World, folder: Path, wrong: str, recipients: Sequence[str]
):
    archive = await back_up(lived, folder, recipients)
    first, second, _ = list_beside(folder)
    if wrong == "missing":
        first.unlink()
        second.unlink()
    else:
        first.write_bytes(first.read_bytes()[:-30] + bytes(30))
    code, said, data = restore(archive)
    assert (code, said.count("\n")) == (1, 1)
    assert wrong in said
    assert first.name in said
    assert not (data / "register.sqlite3").exists()
    assert not (data / "blobs").exists()
    assert "--without-lost-photos" in said
    code, said, data = restore(archive, "--without-photos")
    assert (code, said) == (0, "")
    assert not (data / "blobs").exists()


async def test_a_photo_that_an_archive_lost_or_changed_is_missed(lived: World, folder: Path):
    await make_backup(lived.register, folder / "whole", ())
    name = next(list_kept(lived.register.settings.blobs_dir)).name
    changed = bytearray((folder / "whole").read_bytes())
    changed[changed.index(b"\xff\xd8\xff") + 300] ^= 1
    (folder / "changed").write_bytes(changed)
    with tarfile.open(folder / "whole") as whole, tarfile.open(folder / "lost", "w") as lost:
        for member in whole:
            if name not in member.name:
                lost.addfile(member, whole.extractfile(member))
    with tarfile.open(folder / "whole") as whole, tarfile.open(folder / "cut", "w") as cut:
        for member in whole:
            if member.name != "photos.sha256":
                cut.addfile(member, whole.extractfile(member))
    for file, wanted in (("changed", "is damaged"), ("lost", "is missing"), ("cut", "is damaged")):
        code, said, data = restore(folder / file)
        assert (code, said.count("\n"), wanted in said) == (1, 1, True), said
        assert not (data / "register.sqlite3").exists()


async def test_photos_that_are_there_stay_and_are_shown(lived: World, folder: Path):
    """One came after the backup: the restored register knows of it again."""
    await make_backup(lived.register, folder / "backup", ())
    assert (await send_photo(lived, lived.owner, make_photo((90, 60)))).is_success
    photos = read_all(lived.register.settings.blobs_dir)
    _, _, data = restore(folder / "backup")
    for path in list_kept(lived.register.settings.blobs_dir):
        target = data / path.relative_to(lived.register.settings.data_dir)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    done = sangkat("restore", folder / "backup", "--force", data=data)
    assert done.returncode == 0, done.stderr
    async with open_register(Settings(data_dir=data)) as register:
        assert await sweep(register) == 0
    assert read_all(data / "blobs") == photos


async def test_an_archive_of_before_has_no_photos_and_is_restored(lived: World, folder: Path):
    settings = lived.register.settings
    await lived.register.engine.backup(folder / "register.sqlite3")
    keys = {f"keys/{path.name}": path for path in settings.keys_dir.iterdir()}
    members = {"register.sqlite3": folder / "register.sqlite3", **keys}
    manifest = Manifest(log=lived.register.log, made_at="2026-03-02T03:00:00.000Z", sha256={})
    written = write_archive(folder / "backup", members, manifest)
    assert written.version == 1
    assert restore(folder / "backup")[0] == 0


async def test_photos_go_when_no_archive_needs_them(lived: World, folder: Path):
    old = await back_up(lived, folder)
    stamp = f"{datetime.now(UTC) - timedelta(days=40):%Y%m%dT%H%M%SZ}"
    aged = old.rename(folder / f"{lived.register.log}.{stamp}.tar.age")
    listed = find_list(folder)
    listed.rename(listed.with_name(f"{stamp}.list"))
    next(list_kept(lived.register.settings.blobs_dir)).unlink()
    new = await back_up(lived, folder)
    assert len(list_beside(folder)) == len(SIZES), "an archive that is kept needs them"
    aged.unlink()
    thin_out(folder, lived.register.log, new)
    assert len(list_beside(folder)) == len(SIZES) - 1
    assert restore(new)[0] == 0


async def test_no_photo_goes_while_nobody_knows_what_an_archive_needs(lived: World, folder: Path):
    new = await back_up(lived, folder)
    listed = find_list(folder)
    listed.rename(listed.with_name("20200101T000000Z.list"))
    thin_out(folder, lived.register.log, new)
    assert len(list_beside(folder)) == len(SIZES)


async def test_an_archive_does_not_wait_for_many_photos_and_the_next_goes_on(
    lived: World, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("api.backups.making.SECONDS_MAX", 0)
    async with lived.register.engine.writing() as tx:
        await record(tx, lived.register.log, Recipients((PUBLIC,)), lived.register.clock())
    kept = await make_if_due(lived.register, folder, None, timedelta())
    assert (kept, len(list_archives(folder)), list_beside(folder)) == (None, 1, [])
    monkeypatch.setattr("api.backups.making.SECONDS_MAX", shelf.SECONDS_MAX)
    kept = await make_if_due(lived.register, folder, None, timedelta())
    assert kept == await read_state(lived.register)
    assert len(list_beside(folder)) == len(SIZES)


async def test_a_photo_that_cannot_be_read_holds_up_no_backup(
    lived: World, folder: Path, caplog: pytest.LogCaptureFixture
):
    broken = next(list_kept(lived.register.settings.blobs_dir))
    broken.unlink()
    broken.mkdir()
    made = await back_up_into(lived.register, folder, (PUBLIC,))
    assert (made.waiting, len(list_beside(folder))) == (1, len(SIZES) - 1)
    assert f"photo {broken.name[:64]} is not in it" in caplog.text
    assert restore(made.path)[0] == 0


@pytest.mark.parametrize("recipients", [(), (PUBLIC,)])
async def test_a_photo_that_cannot_be_read_holds_up_no_file(
    lived: World, folder: Path, caplog: pytest.LogCaptureFixture, recipients: Sequence[str]
):
    broken = next(list_kept(lived.register.settings.blobs_dir))
    broken.unlink()
    broken.mkdir()
    assert await make_backup(lived.register, folder / "backup", recipients) == 1
    assert f"photo {broken.name[:64]} is not in it" in caplog.text
    code, said, data = restore(folder / "backup")
    assert (code, said) == (0, "")
    assert len(read_all(data / "blobs")) == len(SIZES) - 1


async def test_a_new_photo_is_something_new(lived: World):
    before = await read_state(lived.register)
    assert (await send_photo(lived, lived.owner, make_photo((90, 60)))).is_success
    assert await read_state(lived.register) != before
