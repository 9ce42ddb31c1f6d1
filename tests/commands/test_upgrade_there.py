"""An upgrade in PostgreSQL: all of it in one transaction that was proved, or nothing."""

import asyncio
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.client import Client
from sync.exchange import Exchange
from sync.outbox import open_outbox
from tests import engines
from tests.commands.elsewhere import ask, copy_register, find_database, in_postgresql
from tests.commands.fated import FOLDING, Moment, kill
from tests.commands.newer import NAME, make_newer
from tests.commands.served import sangkat, served
from tests.commands.test_upgrade import PREVIOUS, WAITING

NEWER = make_newer()
ROLE = "upgraded"
MOMENTS: dict[str, Moment] = {
    "while it proves": FOLDING,
    "after it was committed": ("shutil.rmtree", "data/upgrading", 1),
}


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    with engines.using("postgresql"):
        yield


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an earlier landing, moved to PostgreSQL by this version."""
    folder = tmp_path_factory.mktemp("moved")
    with tarfile.open(PREVIOUS) as archive:
        archive.extractall(folder)
    assert sangkat("upgrade", data=folder / "data").returncode == 0
    done = in_postgresql(folder / "data", "move")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def data(moved: Path, tmp_path: Path) -> Path:
    (tmp_path / "phone.sqlite3").write_bytes((moved / "phone.sqlite3").read_bytes())
    return copy_register(moved / "data", tmp_path / "data")


def find_newest(data: Path) -> str:
    return ask(data, "SELECT MAX(name) FROM migrations")[0]


def list_receipts(data: Path) -> list[str]:
    return ask(data, "SELECT receipt FROM entries ORDER BY pos")


def list_archives(data: Path) -> list[Path]:
    return sorted(data.glob("before-9999*"))


async def send(phone: Path, url: str) -> set[str]:
    """Let a phone send what waits on it; return in what states its entries are."""
    async with open_outbox(phone) as outbox, Client(url, outbox.key) as client:
        for _ in range(4):
            await Exchange(outbox, client).run_once()
        return {row.state for row in outbox.replica.rows.values()}


def test_an_older_register_is_not_served_before_it_was_upgraded(data: Path):
    for command in (["serve", "--port", "0"], ["account", "list"]):
        done = in_postgresql(data, *command, run=NEWER)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), command
        assert "`sangkat upgrade` brings it to this one" in done.stderr


def test_what_waited_arrives_after_an_upgrade_in_one_command(data: Path):
    entries = list_receipts(data)
    ask(data, f"CREATE ROLE {ROLE} LOGIN")
    assert in_postgresql(data, "migrate", "--grant", ROLE).returncode == 0
    done = in_postgresql(data, "upgrade", run=NEWER)
    assert done.returncode == 0, done.stderr
    assert f"the PostgreSQL database is at {NAME}; what it was is in {data}" in done.stdout
    role = find_database(data).replace("postgres@", f"{ROLE}@")
    with served(data, run=NEWER, database=role) as server:
        assert asyncio.run(send(data.parent / "phone.sqlite3", server.url)) == {"confirmed"}
    grown = list_receipts(data)
    assert (grown[: len(entries)], len(grown)) == (entries, len(entries) + WAITING)
    assert in_postgresql(data, "verify", run=NEWER).returncode == 0
    again = in_postgresql(data, "upgrade", run=NEWER)
    assert (again.returncode, "of this version already" in again.stdout) == (0, True)


def test_the_way_back_is_in_one_file(data: Path, tmp_path: Path):
    newest, entries = find_newest(data), list_receipts(data)
    assert in_postgresql(data, "upgrade", run=NEWER).returncode == 0
    (archive,) = list_archives(data)
    done = in_postgresql(data, "restore", archive, "--force")
    assert done.returncode == 0, done.stderr
    assert (find_newest(data), list_receipts(data)) == (newest, entries)
    later = in_postgresql(tmp_path / "later", "restore", archive, run=NEWER)
    assert later.returncode == 0, later.stderr
    assert find_newest(tmp_path / "later") == NAME


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE TABLE entries (log TEXT);", "already exists"),
        ("UPDATE entities SET effect = '{}';", "things are wrong after it"),
    ],
)
def test_an_upgrade_that_fails_leaves_the_data_as_they_were(data: Path, sql: str, said: str):
    newest, effects = find_newest(data), ask(data, "SELECT DISTINCT effect FROM entities")
    done = in_postgresql(data, "upgrade", run=make_newer(sql))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "the data are as they were" in done.stderr
    assert said in done.stderr
    assert find_newest(data) == newest
    assert ask(data, "SELECT DISTINCT effect FROM entities") == effects
    assert list_archives(data) == []


def test_a_register_that_is_served_is_not_upgraded(data: Path):
    with served(data, database=find_database(data)):
        done = in_postgresql(data, "upgrade", run=NEWER)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "is served by another process already" in done.stderr
    assert find_newest(data) != NAME


@pytest.mark.parametrize("moment", MOMENTS)
def test_one_that_is_killed_leaves_a_whole_register_and_is_done_again(data: Path, moment: str):
    entries, database = list_receipts(data), find_database(data)
    kill(MOMENTS[moment], "upgrade", data=data, run=NEWER, database=database)
    assert (find_newest(data) == NAME) == (moment == "after it was committed")
    done = in_postgresql(data, "upgrade", run=NEWER)
    assert done.returncode == 0, done.stderr
    assert (find_newest(data), list_receipts(data)) == (NAME, entries)
    assert len(list_archives(data)) == 1
