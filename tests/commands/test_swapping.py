"""Restores in PostgreSQL: the old register or the new one, and nobody gets back what he lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from api.blobs.files import find_place, list_kept
from api.ledger.committer import now_ms
from tests import engines
from tests.commands.elsewhere import ask, copy_register, find_database, in_postgresql
from tests.commands.fated import FOLDING, Moment, kill
from tests.commands.served import sangkat, served
from tests.makers import SANGKAT_4

ROLE = "serving"
KEPT = (
    "INSERT INTO blobs (log, account_id, sha256, state, length, received, kept_bytes, begun_ms,"
    " seen_ms) SELECT log, $1, $2, 'kept', 9, 9, 9, $3, $3 FROM heads"
)
MOMENTS: dict[str, Moment] = {
    "while it fills the tables": ("subprocess.Popen", "pg_restore", 2),
    "while it proves": FOLDING,
    "after it was committed": ("shutil.rmtree", "data/restoring", 2),
}


class Lived(NamedTuple):
    """A register that went on after its backup: an account came, and one lost its rights."""

    data: Path
    archive: Path
    robbed: str
    staying: str
    before: int
    after: int


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    with engines.using("postgresql"):
        yield


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    data = tmp_path_factory.mktemp("lived") / "data"
    archive = data.parent / "backup.tar"
    run(data, "demo", "tiny")
    add_photo(data, "a" * 64)
    robbed, staying = make_client(data), make_client(data)
    run(data, "backup", archive, "--unencrypted")
    before = count(data)
    make_client(data)
    add_photo(data, "b" * 64)
    run(data, "account", "disable", robbed, "--reason", "stolen")
    return Lived(data, archive, robbed, staying, before, count(data))


@pytest.fixture
def data(lived: Lived, tmp_path: Path) -> Path:
    return copy_register(lived.data, tmp_path / "data")


def run(data: Path, *command: str | Path) -> str:
    done = in_postgresql(data, *command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def add_photo(data: Path, sha256: str) -> None:
    """Keep a photo, as the register does; what it shows is of no interest here."""
    (account,) = ask(data, "SELECT account_id FROM accounts ORDER BY created_pos LIMIT 1")
    path = find_place(data / "blobs", f"{sha256}-{account.hex()}.jpeg")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"TEST DATA")
    ask(data, KEPT, account, bytes.fromhex(sha256), now_ms())


def list_photos(data: Path) -> tuple[int, int]:
    """Return how many photos the register knows of, and how many files there are."""
    return len(ask(data, "SELECT 1 FROM blobs")), len(list(list_kept(data / "blobs")))


def make_client(data: Path) -> str:
    """Make a program; return the id of its account."""
    flags = ["--place", SANGKAT_4, "--name", "TEST DATA program"]
    run(data, "account", "token", *flags)
    newest = "SELECT account_id FROM accounts WHERE role = 'client' ORDER BY created_pos DESC"
    return ask(data, newest)[0].hex()


def count_tokens(data: Path, account: str) -> int:
    tokens = "SELECT COUNT(*) FROM tokens WHERE account_id = $1"
    return ask(data, tokens, bytes.fromhex(account))[0]


def count(data: Path) -> int:
    return ask(data, "SELECT COUNT(*) FROM entries")[0]


def list_aside(data: Path) -> list[str]:
    return ask(data, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'replaced%' ORDER BY 1")


def check_refused(data: Path, said: str, *command: str | Path) -> None:
    done = in_postgresql(data, *command)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert said in done.stderr
    assert ask(data, "SELECT 1 FROM pg_namespace WHERE nspname = 'sangkat_restoring'") == []
    assert not (data / "restoring").exists()


def test_a_backup_comes_back_where_nothing_is_for_who_owns_the_database(
    lived: Lived, tmp_path: Path
):
    """He has what `deploy/province/roles.sql` gives him, and nothing more."""
    data = tmp_path / "data"
    name = find_database(data).rpartition("/")[2]
    ask(data, "CREATE ROLE owner LOGIN")
    ask(data, f"ALTER DATABASE {name} OWNER TO owner")
    ask(data, f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    done = in_postgresql(data, "restore", lived.archive, role="owner")
    assert done.returncode == 0, done.stderr
    assert f"{lived.before} entries are back" in done.stdout
    assert "repeat what else was revoked" in done.stdout
    again = in_postgresql(data, "restore", lived.archive, "--force", role="owner")
    assert again.returncode == 0, again.stderr
    proved = in_postgresql(data, "verify", role="owner")
    assert "every table hold" in proved.stdout
    assert (count(data), len(list_aside(data))) == (lived.before, 1)
    assert list_photos(data) == (1, 1)


def test_a_role_that_owns_nothing_restores_nothing(lived: Lived, data: Path):
    ask(data, "CREATE ROLE stranger LOGIN")
    done = in_postgresql(data, "restore", lived.archive, "--force", role="stranger")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "permission denied" in done.stderr
    assert count(data) == lived.after


def test_a_register_that_is_there_is_left_alone(lived: Lived, data: Path):
    check_refused(data, "--force puts it aside", "restore", lived.archive)
    assert count(data) == lived.after


def test_what_was_there_is_kept_and_what_was_revoked_stays_so(lived: Lived, data: Path):
    said = run(data, "restore", lived.archive, "--force")
    assert "what was revoked since stays revoked" in said
    (aside,) = list_aside(data)
    assert f"the schema {aside} of the database" in said
    assert ask(data, f"SELECT COUNT(*) FROM {aside}.entries") == [lived.after]
    assert (count_tokens(data, lived.robbed), count_tokens(data, lived.staying)) == (0, 1)
    assert count(data) == lived.after
    assert list_photos(data) == (2, 2)
    run(data, "verify")


def test_a_role_that_served_the_register_goes_on(lived: Lived, data: Path):
    ask(data, f"CREATE ROLE {ROLE} LOGIN")
    run(data, "migrate", "--grant", ROLE)
    run(data, "restore", lived.archive, "--force")
    database = find_database(data).replace("postgres@", f"{ROLE}@")
    with served(data, database=database):
        check_refused_while_served(lived, data)


def check_refused_while_served(lived: Lived, data: Path) -> None:
    before = list_aside(data)
    done = in_postgresql(data, "restore", lived.archive, "--force")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "is served by another process already" in done.stderr
    assert list_aside(data) == before


@pytest.mark.parametrize("moment", MOMENTS)
def test_one_that_is_killed_leaves_the_old_register_or_the_new_one(
    lived: Lived, data: Path, moment: str
):
    database = find_database(data)
    kill(MOMENTS[moment], "restore", lived.archive, "--force", data=data, database=database)
    is_new = moment == "after it was committed"
    assert len(list_aside(data)) == is_new
    assert count(data) == lived.after
    run(data, "restore", lived.archive, "--force")
    assert len(list_aside(data)) == is_new + 1


def test_one_that_is_killed_before_its_keys_are_there_waits_for_another(lived: Lived, data: Path):
    shutil.rmtree(data / "keys")
    last: Moment = ("os.rename", "restoring/keys", 1)
    database = find_database(data)
    kill(last, "restore", lived.archive, "--force", data=data, database=database)
    done = in_postgresql(data, "account", "list")
    assert (done.returncode, "was broken off" in done.stderr) == (1, True), done.stderr
    run(data, "restore", lived.archive, "--force")


def test_keys_that_differ_are_kept_with_what_was_there(lived: Lived, data: Path):
    (data / "keys" / "receipt-keys.json").write_text("[]")
    said = run(data, "restore", lived.archive, "--force")
    (kept,) = data.glob("replaced-*")
    assert str(kept) in said
    assert (kept / "keys" / "receipt-keys.json").read_text() == "[]"
    assert "[]" not in (data / "keys" / "receipt-keys.json").read_text()


def test_a_register_that_cannot_be_read_is_replaced_and_what_is_to_be_repeated_said(
    lived: Lived, data: Path
):
    ask(data, "DROP TABLE migrations, heads, audit")
    check_refused(data, "--force puts it aside", "restore", lived.archive)
    said = run(data, "restore", lived.archive, "--force")
    assert "repeat what else was revoked" in said
    assert "keep it" in said
    (aside,) = list_aside(data)
    assert ask(data, f"SELECT COUNT(*) FROM {aside}.entries") == [lived.after]


def test_a_dump_that_is_none_changes_nothing(lived: Lived, data: Path, tmp_path: Path):
    whole = bytearray(lived.archive.read_bytes())
    whole[len(whole) // 2] ^= 1
    (tmp_path / "changed.tar").write_bytes(whole)
    check_refused(data, "is damaged", "restore", tmp_path / "changed.tar", "--force")
    assert (count(data), list_aside(data)) == (lived.after, [])


def test_what_does_not_hold_is_not_restored(data: Path, lived: Lived, tmp_path: Path):
    spoiled = copy_register(data, tmp_path / "spoiled")
    ask(spoiled, "UPDATE stays SET nationality = 'XXX'")
    run(spoiled, "backup", tmp_path / "spoiled.tar", "--unencrypted")
    done = in_postgresql(data, "restore", tmp_path / "spoiled.tar", "--force")
    assert (done.returncode, "does not hold" in done.stderr) == (1, True)
    assert (count(data), list_aside(data)) == (lived.after, [])


def test_a_backup_of_the_other_engine_is_refused_with_the_way_on(
    lived: Lived, data: Path, tmp_path: Path
):
    done = sangkat("restore", lived.archive, data=tmp_path / "file")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "SANGKAT_DATABASE" in done.stderr
    assert sangkat("demo", "tiny", data=tmp_path / "file").returncode == 0
    archive = tmp_path / "file.tar"
    assert sangkat("backup", archive, "--unencrypted", data=tmp_path / "file").returncode == 0
    check_refused(data, "`sangkat move`", "restore", archive, "--force")
