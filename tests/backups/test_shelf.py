"""A photo beside the archives that is damaged is written anew, and else missed alone."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.backups.folder import back_up_into
from api.backups.making import make_backup
from api.blobs.files import list_kept
from tests.backups.photographed import (
    PUBLIC,
    SIZES,
    back_up,
    find_list,
    list_beside,
    read_all,
    restore,
)
from tests.world import World


async def test_photos_that_are_whole_come_back_without_the_lost_ones(lived: World, folder: Path):
    archive = await back_up(lived, folder)
    damaged, missing, whole = list_beside(folder)
    damaged.write_bytes(damaged.read_bytes()[:-30] + bytes(30))
    missing.unlink()
    code, said, data = restore(archive)
    assert (code, said.count("\n")) == (1, 1)
    assert f"{damaged.name} is damaged" in said
    assert f"{missing.name} is missing" in said
    assert not (data / "register.sqlite3").exists()
    code, said, data = restore(archive, "--without-lost-photos")
    assert (code, said.count("\n")) == (0, 2)
    assert f"{damaged.name} is damaged" in said
    assert f"{missing.name} is missing" in said
    back = [hashlib.sha256(one).hexdigest() for one in read_all(data / "blobs").values()]
    assert back == [whole.name.partition(".")[0]]
    assert len([path for path in (data / "blobs").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("recipients", [(), (PUBLIC,)])
@pytest.mark.parametrize("wrong", ["shorter", "changed"])
async def test_a_damaged_photo_beside_the_archives_is_written_anew(
    lived: World,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
    recipients: Sequence[str],
):
    archive = await back_up(lived, folder, recipients)
    damaged, *others = list_beside(folder)
    whole, written = damaged.read_bytes(), [path.stat().st_mtime_ns for path in others]
    damaged.write_bytes(whole[:-30] + (b"" if wrong == "shorter" else bytes(30)))
    archive.rename(folder / "first")
    archive = await back_up(lived, folder, recipients)
    assert [path.stat().st_mtime_ns for path in others] == written
    assert f"{damaged.name} beside the archives is damaged" in caplog.text
    for one in (archive, folder / "first"):
        code, said, data = restore(one)
        assert (code, said) == (0, "")
        assert read_all(data / "blobs") == read_all(lived.register.settings.blobs_dir)


async def test_what_two_accounts_sent_is_written_once(
    lived: World, folder: Path, caplog: pytest.LogCaptureFixture
):
    first = next(list_kept(lived.register.settings.blobs_dir))
    first.with_name(f"{first.name[:65]}{'0' * 32}.jpeg").write_bytes(first.read_bytes())
    archive = await back_up(lived, folder)
    damaged, *_ = list_beside(folder)
    for path in list_beside(folder):
        path.write_bytes(path.read_bytes()[:-30])
    archive.rename(folder / "first")
    archive = await back_up(lived, folder)
    assert damaged.name in caplog.text
    caplog.clear()
    archive.rename(folder / "second")
    assert restore(await back_up(lived, folder))[0] == 0
    assert "damaged" not in caplog.text


async def test_no_archive_names_a_damaged_photo_that_cannot_be_written_anew(
    lived: World, folder: Path
):
    await back_up(lived, folder)
    list_beside(folder)[0].write_bytes(b"")
    for path in list(list_kept(lived.register.settings.blobs_dir)):
        path.unlink()
        path.mkdir()
    made = await back_up_into(lived.register, folder, (PUBLIC,))
    assert made.waiting == 1
    code, said, data = restore(made.path)
    assert (code, said) == (0, "")
    assert len(read_all(data / "blobs")) == len(SIZES) - 1


async def test_a_list_of_before_gets_what_it_lacks(lived: World, folder: Path):
    archive = await back_up(lived, folder)
    listed = find_list(folder)
    whole = listed.read_text().splitlines()
    listed.write_text("".join(f"{line[:64]} {line.partition(' ')[2]}\n" for line in whole))
    list_beside(folder)[0].write_bytes(b"")
    archive.rename(folder / "first")
    assert restore(await back_up(lived, folder))[0] == 0


async def test_a_file_gives_back_its_photos_without_a_damaged_one(lived: World, folder: Path):
    await make_backup(lived.register, folder / "backup", ())
    changed = bytearray((folder / "backup").read_bytes())
    changed[changed.index(b"\xff\xd8\xff") + 300] ^= 1
    (folder / "backup").write_bytes(changed)
    code, said, data = restore(folder / "backup", "--without-lost-photos")
    assert (code, said.count("\n"), "is damaged" in said) == (0, 1, True)
    back, kept = read_all(data / "blobs"), read_all(lived.register.settings.blobs_dir)
    assert len(back) == len(SIZES) - 1
    assert back.items() <= kept.items()
