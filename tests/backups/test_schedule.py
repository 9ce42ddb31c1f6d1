"""The server's own backups: only when anything is new, never in silence when none can be made."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.backups.folder import taking_turns, thin_out
from api.backups.schedule import INTERVAL, is_due, make_if_due
from api.backups.sealing import make_identity
from api.setup.records import Recipients
from api.setup.store import record
from tests.world import World

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
NO_WAIT = timedelta()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


async def name_recipient(world: World) -> None:
    _, public = make_identity()
    async with world.register.engine.writing() as tx:
        await record(tx, world.register.log, Recipients((public,)), world.register.clock())


def empty(folder: Path) -> int:
    """Delete what is there; return how many files it were."""
    files = list(folder.iterdir())
    for file in files:
        file.unlink()
    return len(files)


@pytest.mark.parametrize(
    ("minutes", "due"), [(None, True), (0, False), (2, False), (4, True), (400, True), (-60, True)]
)
def test_a_backup_is_due_when_the_last_one_is_old_or_of_the_future(minutes: int | None, due: bool):
    newest = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert is_due(newest, NOW, INTERVAL) == due


async def test_without_a_key_none_is_made_and_the_log_says_so(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture
):
    assert await make_if_due(world.register, folder, None, NO_WAIT) is None
    assert empty(folder) == 0
    assert "--new-identity" in caplog.text
    assert "there is no good one" in caplog.text


async def test_a_backup_is_made_when_anything_is_new(world: World, folder: Path):
    await name_recipient(world)
    kept = await make_if_due(world.register, folder, None, NO_WAIT)
    assert empty(folder) == 1
    assert await make_if_due(world.register, folder, kept, NO_WAIT) == kept
    assert empty(folder) == 0
    await world.owner.send_premises()
    newer = await make_if_due(world.register, folder, kept, NO_WAIT)
    assert (empty(folder), newer != kept) == (1, True)


async def test_a_new_key_is_something_new(world: World, folder: Path):
    await name_recipient(world)
    kept = await make_if_due(world.register, folder, None, NO_WAIT)
    await name_recipient(world)
    assert await make_if_due(world.register, folder, kept, NO_WAIT) != kept


async def test_of_two_processes_one_makes_it(world: World, folder: Path):
    await name_recipient(world)
    with taking_turns(folder) as is_ours:
        assert is_ours
        assert await make_if_due(world.register, folder, None, NO_WAIT) is None
    assert empty(folder) == 0


async def test_a_backup_that_fails_is_told_with_the_age_of_the_last(
    world: World, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    await name_recipient(world)
    old = datetime.now(UTC) - timedelta(minutes=31)
    (folder / f"{world.register.log}.{old:%Y%m%dT%H%M%SZ}.tar.age").touch()
    keys = world.register.settings.keys_dir
    keys.rename(tmp_path / "elsewhere")
    assert await make_if_due(world.register, folder, None, NO_WAIT) is None
    assert "none was made" in caplog.text
    assert "the last good one is 31 minutes old" in caplog.text
    (tmp_path / "elsewhere").rename(keys)
    caplog.set_level(logging.INFO)
    assert await make_if_due(world.register, folder, None, NO_WAIT) is not None
    assert f"backup: {world.register.log}." in caplog.text


async def test_a_defect_of_one_backup_ends_neither_the_next_nor_the_register(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture
):
    await name_recipient(world)
    damaged = folder / f"{world.register.log}.photos" / "20260302T120000Z.list"
    damaged.parent.mkdir()
    # No text at all: nothing here foresees that.
    damaged.write_bytes(b"\xff")
    assert await make_if_due(world.register, folder, None, NO_WAIT) is None
    assert "none was made" in caplog.text
    assert "UnicodeDecodeError" in caplog.text
    assert world.register.tallies.backups == {"failed": 1}
    damaged.unlink()
    assert await make_if_due(world.register, folder, None, NO_WAIT) is not None
    assert world.register.tallies.backups == {"failed": 1, "made": 1}


async def test_what_others_called_like_a_backup_ends_nothing_and_stays(world: World, folder: Path):
    no_day = folder / f"{world.register.log}.20261301T000000Z.tar.age"
    no_day.write_bytes(b"TEST DATA")
    no_file = folder / f"{world.register.log}.20200101T000000Z.tar.age"
    no_file.mkdir()
    await name_recipient(world)
    assert await make_if_due(world.register, folder, None, INTERVAL) is not None
    assert world.register.tallies.backups == {"made": 1}
    assert no_day.is_file()
    assert no_file.is_dir()


def test_superfluous_ones_go_and_other_files_stay(tmp_path: Path):
    made = [NOW - timedelta(minutes=5 * n) for n in range(40)]
    names = [f"l.{instant:%Y%m%dT%H%M%SZ}.tar.age" for instant in made]
    others = ["l.20200101T000000Z.tar.gz", "m.20200101T000000Z.tar.age", "key.txt"]
    for name in (*names, *others):
        (tmp_path / name).touch()
    thin_out(tmp_path, "l", tmp_path / names[-1])
    left = {path.name for path in tmp_path.iterdir()}
    assert {*others, *names[:12], names[-1]} <= left
    assert len(left) == len(others) + 12 + 4
