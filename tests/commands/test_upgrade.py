"""An upgrade brings data of the previous version to this one, or leaves them as they were."""

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from sync.client import Client
from sync.exchange import Exchange
from sync.outbox import open_outbox
from tests.commands.fated import FOLDING, Moment, kill
from tests.commands.newer import NAME, make_newer
from tests.commands.served import sangkat, served

PREVIOUS: Final = Path(__file__).parent / "previous" / "0021.tar.xz"
NEWER: Final = make_newer()
WAITING: Final = 5
MOMENTS: Final[dict[str, Moment]] = {
    "while it copies": ("sqlite3.connect", "upgrading/register.sqlite3", 1),
    "before the backup has its name": ("os.rename", ".partial", 1),
    "while it migrates": ("sqlite3.connect", "upgrading/register.sqlite3", 3),
    "while it proves": FOLDING,
    "before it renames": ("os.rename", "upgrading/register.sqlite3", 1),
    "after it renamed": ("shutil.rmtree", "data/upgrading", 2),
}


@pytest.fixture
def previous(tmp_path: Path) -> Path:
    """The previous version's data, and beside them a phone on which entries wait."""
    with tarfile.open(PREVIOUS) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "data"


def read_entries(data: Path) -> list[tuple[bytes, ...]]:
    with closing(sqlite3.connect(data / "register.sqlite3")) as file:
        return file.execute("SELECT pos, id, hash, chain, receipt FROM entries").fetchall()


def find_newest(data: Path) -> str:
    with closing(sqlite3.connect(data / "register.sqlite3")) as file:
        return str(file.execute("SELECT MAX(name) FROM migrations").fetchone()[0])


def list_names(data: Path) -> set[str]:
    return {path.name for path in data.iterdir()} - {"register.lock"}


def test_there_has_to_be_a_register(tmp_path: Path):
    done = sangkat("upgrade", data=tmp_path / "none")
    assert (done.returncode, done.stdout) == (1, "")


def test_data_of_an_older_version_are_not_opened_without_a_backup(previous: Path):
    for command in (["order", "list"], ["account", "list"], ["backup"]):
        done = sangkat(*command, data=previous, run=NEWER)
        assert (done.returncode, done.stdout) == (1, ""), command
        assert "`sangkat upgrade` brings it to this one" in done.stderr
    assert find_newest(previous) == "0021-shared.sql"


def test_data_of_a_later_version_are_refused(previous: Path):
    assert sangkat("migrate", data=previous, run=NEWER).returncode == 0
    for command in (["upgrade"], ["serve", "--port", "0"], ["order", "list"]):
        done = sangkat(*command, data=previous)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), command
        assert NAME in done.stderr


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE TABLE entries (log TEXT);", "already exists"),
        ("UPDATE entities SET effect = '{}';", "things are wrong after it"),
    ],
)
def test_an_upgrade_that_fails_leaves_the_data_as_they_were(previous: Path, sql: str, said: str):
    before, names = (previous / "register.sqlite3").read_bytes(), list_names(previous)
    done = sangkat("upgrade", data=previous, run=make_newer(sql))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "the data are as they were" in done.stderr
    assert said in done.stderr
    assert (previous / "register.sqlite3").read_bytes() == before
    assert list_names(previous) == names


@pytest.mark.parametrize("moment", MOMENTS)
def test_one_that_is_killed_leaves_a_whole_register_and_is_done_again(previous: Path, moment: str):
    entries = read_entries(previous)
    kill(MOMENTS[moment], "upgrade", data=previous, run=NEWER)
    assert read_entries(previous) == entries
    assert (find_newest(previous) == NAME) == (moment == "after it renamed")
    done = sangkat("upgrade", data=previous, run=NEWER)
    assert done.returncode == 0, done.stderr
    assert (find_newest(previous), read_entries(previous)) == (NAME, entries)
    assert sangkat("verify", data=previous, run=NEWER).returncode == 0
    sangkat("order", "list", data=previous, run=NEWER)
    assert not [name for name in list_names(previous) if "upgrading" in name or "partial" in name]


async def test_the_previous_data_are_served_and_what_waited_arrives(previous: Path):
    entries = read_entries(previous)
    with served(previous, run=NEWER) as server:
        assert f"is at {NAME}" in server.said
        phone = previous.parent / "phone.sqlite3"
        async with open_outbox(phone) as outbox, Client(server.url, outbox.key) as client:
            before = [row.state for row in outbox.replica.rows.values()]
            for _ in range(4):
                await Exchange(outbox, client).run_once()
            after = [row.state for row in outbox.replica.rows.values()]
    assert before.count("queued") == WAITING
    assert set(after) == {"confirmed"}
    grown = read_entries(previous)
    assert grown[: len(entries)] == entries
    assert len(grown) == len(entries) + WAITING
    assert sangkat("verify", data=previous, run=NEWER).returncode == 0


def test_the_way_back_is_in_one_file(previous: Path, tmp_path: Path):
    """Sealed to the operator's key where the register knows one; this version restores it."""
    entries, newest = read_entries(previous), find_newest(previous)
    assert sangkat("upgrade", data=previous, run=NEWER).returncode == 0
    again = sangkat("upgrade", data=previous, run=NEWER)
    assert (again.returncode, again.stdout) == (0, f"{previous} is of this version already\n")
    (archive,) = previous.glob("before-*.tar")
    with tarfile.open(archive) as file:
        file.extractall(tmp_path / "inside")
    assert (find_newest(tmp_path / "inside"), read_entries(tmp_path / "inside")) == (
        newest,
        entries,
    )
    assert sangkat("restore", archive, data=tmp_path / "back").returncode == 0


def test_the_way_back_is_sealed_where_backups_are(previous: Path):
    assert sangkat("upgrade", data=previous).returncode == 0
    key = previous.parent / "key.txt"
    assert sangkat("backup", "--new-identity", key, data=previous).returncode == 0
    assert sangkat("upgrade", data=previous, run=NEWER).returncode == 0
    (archive,) = previous.glob("before-9999*.tar.age")
    flags = ["--identity", key, "--force"]
    assert sangkat("restore", archive, *flags, data=previous).returncode == 0


def test_somebody_who_reads_the_data_meanwhile_is_waited_for(previous: Path):
    with closing(sqlite3.connect(previous / "register.sqlite3")) as reader:
        reader.execute("PRAGMA journal_mode = WAL")
        reader.execute("CREATE TABLE own (a TEXT)")
        reader.execute("DROP TABLE own")
        reader.commit()
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM entries").fetchone()
        with closing(sqlite3.connect(previous / "register.sqlite3")) as writer, writer:
            writer.execute("UPDATE heads SET received_ms = received_ms")
        done = sangkat("upgrade", data=previous, run=NEWER)
        assert (done.returncode, done.stderr.count("\n")) == (75, 1)
    assert sangkat("upgrade", data=previous, run=NEWER).returncode == 0
