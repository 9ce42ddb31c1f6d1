"""A restore of an older copy forgets nobody who looked since."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx
import pytest

from api.ledger.committer import now_ms
from tests.commands.served import mark_as_demonstration, sangkat, served
from tests.makers import SANGKAT_4
from tests.world import Device

DATABASE = "register.sqlite3"
KEEP_IT = "keep it, who looked since the backup stands there"
REASON = {"reason": "visit"}
SOCKETS = shutil.ignore_patterns("*.sock")


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
    with served(data) as server:
        async with httpx.AsyncClient(base_url=server.url) as http:
            owner, officer = Device(http, now_ms), Device(http, now_ms)
            await owner.register()
            stay = await owner.send_stay(await owner.send_premises())
            flags = ["--role", "officer", "--place", SANGKAT_4]
            await officer.register(
                sangkat("account", "invite", *flags, data=data).stdout.split()[0]
            )
            await officer.read("/v1/stays")
            assert await reveal(officer, stay) == 19
            assert sangkat("backup", archive, data=data).returncode == 0
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
    return Path(shutil.copytree(looked.data, tmp_path / "data", ignore=SOCKETS))


def restore(looked: Looked, data: Path) -> str:
    done = sangkat("restore", looked.archive, "--force", data=data)
    assert done.returncode == 0, done.stderr
    proved = sangkat("verify", data=data)
    assert proved.returncode == 0, proved.stdout
    return done.stdout


def list_actions(data: Path) -> list[str]:
    with closing(sqlite3.connect(data / DATABASE)) as file:
        return [action for (action,) in file.execute("SELECT action FROM audit ORDER BY n")]


def change(data: Path, sql: str) -> None:
    """As somebody does who has the file."""
    with closing(sqlite3.connect(data / DATABASE)) as file, file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            file.execute(f"DROP TRIGGER {name}")
        assert file.execute(sql).rowcount > 0


BEFORE = ["stay.list", "stay.reveal"]
SINCE = ["stay.reveal", "stay.reveal", "stay.list"]


def test_who_looked_since_the_backup_is_known_after_the_restore(looked: Looked, data: Path):
    said = restore(looked, data)
    assert list_actions(data) == BEFORE + SINCE
    assert "the 3 rows of who looked since the backup came along" in said
    assert KEEP_IT not in said


async def test_a_restore_gives_no_officer_his_reveals_of_the_day_back(looked: Looked, data: Path):
    change(data, "UPDATE reveals SET count = 19")
    restore(looked, data)
    with served(data) as server:
        async with httpx.AsyncClient(base_url=server.url) as http:
            looked.officer._http = http
            await looked.officer.sign_in()
            # 18 without what was put aside; 19 when midnight has come in between.
            assert await reveal(looked.officer, looked.stay) in {0, 19}


def test_reveals_that_only_the_backup_counted_stay_counted(looked: Looked, data: Path):
    change(data, "DELETE FROM reveals")
    restore(looked, data)
    with closing(sqlite3.connect(data / DATABASE)) as file:
        assert file.execute("SELECT count FROM reveals").fetchall() == [(1,)]


def test_looks_that_do_not_go_on_from_the_backup_stay_where_they_are(looked: Looked, data: Path):
    change(data, "UPDATE audit SET chain = zeroblob(32) WHERE n = 2")
    said = restore(looked, data)
    assert list_actions(data) == BEFORE
    assert KEEP_IT in said


def test_looks_come_along_up_to_the_one_that_was_changed(looked: Looked, data: Path):
    change(data, "UPDATE audit SET reason = 'welfare' WHERE n = 4")
    said = restore(looked, data)
    assert list_actions(data) == [*BEFORE, "stay.reveal"]
    assert KEEP_IT in said


def test_a_restore_that_is_repeated_knows_the_same_looks(looked: Looked, data: Path):
    restore(looked, data)
    restore(looked, data)
    assert list_actions(data) == BEFORE + SINCE


def test_data_that_cannot_be_read_have_to_be_kept(looked: Looked, data: Path):
    (data / DATABASE).write_bytes(b"TEST DATA" * 1_000)
    assert KEEP_IT in restore(looked, data)
    assert list_actions(data) == BEFORE
