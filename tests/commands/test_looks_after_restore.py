"""A restore of an older copy forgets nobody who looked since."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from api.ledger.committer import now_ms
from tests.commands.restoring import (
    DATABASE,
    change,
    copy_data,
    invite_officer,
    restore,
    serving,
)
from tests.commands.served import mark_as_demonstration, sangkat
from tests.world import Device

KEEP_IT = "keep it, who looked since the backup stands there"
REASON = {"reason": "visit"}


class Looked(NamedTuple):
    """A register in which an officer looked before its backup and after it."""

    data: Path
    archive: Path
    officer: Device
    stay: UUID


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    return asyncio.run(look(tmp_path_factory.mktemp("looked") / "data"))


async def look(data: Path) -> Looked:
    """One reveal before the backup, two after it, and a list each."""
    archive = data.parent / "backup.tar"
    await mark_as_demonstration(data)
    async with serving(data) as http:
        owner, officer = Device(http, now_ms), Device(http, now_ms)
        await owner.register()
        stay = await owner.send_stay(await owner.send_premises())
        await officer.register(invite_officer(data))
        await officer.read("/v1/stays")
        assert await reveal(officer, stay) == 19
        assert sangkat("backup", archive, "--unencrypted", data=data).returncode == 0
        assert await reveal(officer, stay) == 18
        assert await reveal(officer, stay) == 17
        await officer.read("/v1/stays")
    return Looked(data, archive, officer, stay)


async def reveal(officer: Device, stay: UUID) -> int:
    """Have a number shown; return how many are left of the day."""
    answer = await officer.post(f"/v1/stays/{stay}/reveal", REASON)
    assert answer.status_code == 200, answer.text
    return answer.json()["remaining"]


@pytest.fixture
def data(looked: Looked, tmp_path: Path) -> Path:
    """What the register was when its backup was put in its place."""
    return copy_data(looked.data, tmp_path)


def list_actions(data: Path) -> list[str]:
    with closing(sqlite3.connect(data / DATABASE)) as file:
        return [action for (action,) in file.execute("SELECT action FROM audit ORDER BY n")]


BEFORE = ["stay.list", "stay.reveal"]
SINCE = ["stay.reveal", "stay.reveal", "stay.list"]


def test_who_looked_since_the_backup_is_known_after_the_restore(looked: Looked, data: Path):
    said = restore(looked.archive, data)
    assert list_actions(data) == BEFORE + SINCE
    assert "the 3 rows of who looked since the backup came along" in said
    assert KEEP_IT not in said


async def test_a_restore_gives_no_officer_his_reveals_of_the_day_back(looked: Looked, data: Path):
    change(data, "UPDATE reveals SET count = 19")
    restore(looked.archive, data)
    async with serving(data) as http:
        looked.officer._http = http
        await looked.officer.sign_in()
        # 18 without what was put aside; 19 when midnight has come in between.
        assert await reveal(looked.officer, looked.stay) in {0, 19}


def test_reveals_that_only_the_backup_counted_stay_counted(looked: Looked, data: Path):
    change(data, "DELETE FROM reveals")
    restore(looked.archive, data)
    with closing(sqlite3.connect(data / DATABASE)) as file:
        assert file.execute("SELECT count FROM reveals").fetchall() == [(1,)]


def test_looks_that_do_not_go_on_from_the_backup_stay_where_they_are(looked: Looked, data: Path):
    change(data, "UPDATE audit SET chain = zeroblob(32) WHERE n = 2")
    said = restore(looked.archive, data)
    assert list_actions(data) == BEFORE
    assert KEEP_IT in said


def test_looks_come_along_up_to_the_one_that_was_changed(looked: Looked, data: Path):
    change(data, "UPDATE audit SET reason = 'welfare' WHERE n = 4")
    said = restore(looked.archive, data)
    assert list_actions(data) == [*BEFORE, "stay.reveal"]
    assert KEEP_IT in said


def test_a_restore_that_is_repeated_knows_the_same_looks(looked: Looked, data: Path):
    restore(looked.archive, data)
    restore(looked.archive, data)
    assert list_actions(data) == BEFORE + SINCE


def test_data_that_cannot_be_read_have_to_be_kept(looked: Looked, data: Path):
    (data / DATABASE).write_bytes(b"TEST DATA" * 1_000)
    assert KEEP_IT in restore(looked.archive, data)
    assert list_actions(data) == BEFORE
