"""Data that a crash or a hand tore apart: no second history begins, and a restore goes on."""

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from api.__main__ import main
from api.copies import open_copy
from api.ledger.committer import now_ms
from api.ledger.keys import load_keys
from api.settings import Settings
from tests.commands.fated import FOLDING, kill
from tests.commands.served import clean_environment, sangkat, served
from tests.faults.disks import SmallDisk, small_disk
from tests.forking import Program
from tests.makers import SANGKAT_4

DATABASE = "register.sqlite3"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register, its backup, and one entry more that stands in the write-ahead log only."""
    data = tmp_path_factory.mktemp("demo") / "data"
    assert sangkat("demo", "tiny", data=data).returncode == 0
    assert sangkat("backup", data.parent / "backup.tar", "--unencrypted", data=data).returncode == 0
    with served(data) as server:
        flags = ["--name", "TEST DATA program", "--place", SANGKAT_4]
        issued = sangkat("account", "token", *flags, data=data)
        assert issued.returncode == 0
        server.process.send_signal(signal.SIGKILL)
    assert (data / "register.sqlite3-wal").stat().st_size > 0
    return data


def count_entries(database: Path) -> int:
    with closing(sqlite3.connect(database)) as file:
        return file.execute("SELECT COUNT(*) FROM entries").fetchone()[0]


def test_data_that_nobody_can_write_are_proved_with_their_write_ahead_log(
    demo: Path, tmp_path: Path
):
    entries = count_entries_apart(demo, tmp_path / "counted")
    with small_disk(tmp_path / "disk") as disk:
        data = copy(demo, disk.folder / "data")
        # Who may not mount cannot make a file system read-only, and proves it as it is.
        if is_closed := isinstance(disk, SmallDisk):
            disk.close()
        done = sangkat("verify", data=data)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"{entries} entries: ")
        if not is_closed:
            return
        refused = sangkat("backup", tmp_path / "backup.tar", "--unencrypted", data=data)
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
        assert f"{data} cannot be written: copy the folder" in refused.stderr


def count_entries_apart(demo: Path, data: Path) -> int:
    """Count in a copy: whoever opens a database as the last one takes in its write-ahead log."""
    return count_entries(copy(demo, data) / DATABASE)


@pytest.mark.parametrize("left", ["keys", "restoring", "replacing"])
def test_a_register_that_lost_its_database_is_not_begun_anew(demo: Path, tmp_path: Path, left: str):
    (tmp_path / left).mkdir()
    shutil.copy(demo / "keys" / "gateway.pem", tmp_path / left)
    for command in (("serve", "--port", "0"), ("serve", "--port", "0", "--demo", "tiny")):
        done = sangkat(*command, data=tmp_path)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert not (tmp_path / "register.sqlite3").exists()
    assert sangkat("restore", demo.parent / "backup.tar", data=tmp_path).returncode == 0
    assert sangkat("verify", data=tmp_path).returncode == 0


COMMANDS: Any = [
    ("serve", "--port", "0"),
    ("serve", "--port", "0", "--demo", "tiny"),
    ("demo", "tiny"),
    ("verify",),
    ("migrate",),
    ("order", "list"),
    ("backup", "backup.tar"),
]


def empty(database: Path) -> None:
    database.write_bytes(b"")


def replace_with_another(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as file:
        file.executescript("CREATE TABLE own (a TEXT)")


@pytest.mark.parametrize("replace", [empty, replace_with_another])
def test_no_command_begins_a_register_anew_in_a_file_that_holds_none(
    demo: Path, tmp_path: Path, replace: Callable[[Path], None]
):
    data = copy(demo, tmp_path / "data")
    replace(data / DATABASE)
    for command in COMMANDS:
        done = sangkat(*command, data=data)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), command
        assert done.stderr.endswith("; `sangkat restore` puts a backup there\n"), command
    with closing(sqlite3.connect(data / DATABASE)) as file:
        assert file.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchall() == []
    assert sangkat("restore", demo.parent / "backup.tar", "--force", data=data).returncode == 0
    assert sangkat("verify", data=data).returncode == 0


def test_what_an_empty_file_stands_for_is_put_aside_with_its_write_ahead_log(
    demo: Path, tmp_path: Path
):
    data = copy(demo, tmp_path / "data")
    empty(data / DATABASE)
    wal_bytes = (data / f"{DATABASE}-wal").read_bytes()
    assert sangkat("serve", "--port", "0", data=data).returncode == 1
    assert sangkat("restore", demo.parent / "backup.tar", "--force", data=data).returncode == 0
    (kept,) = data.glob("replaced-*")
    assert (kept / f"{DATABASE}-wal").read_bytes() == wal_bytes


def test_an_empty_file_without_keys_is_a_new_register(tmp_path: Path):
    empty(tmp_path / DATABASE)
    serve(tmp_path)
    assert sangkat("verify", data=tmp_path).returncode == 0


async def test_a_first_start_killed_between_its_keys_and_its_log_goes_on(tmp_path: Path):
    async with open_copy(Settings(data_dir=tmp_path)):
        load_keys(tmp_path / "keys", now_ms())
    serve(tmp_path)
    assert sangkat("verify", data=tmp_path).returncode == 0


def test_a_restore_killed_at_any_step_leaves_a_register_or_waits_for_another(
    demo: Path, tmp_path: Path
):
    archive = demo.parent / "backup.tar"
    older, newer = count_entries_of(archive, tmp_path / "older"), count_entries(demo / DATABASE)
    assert older < newer
    killed = 0
    while is_killed(data := copy(demo, tmp_path / str(killed)), killed + 1, archive):
        check_killed(data, archive, {older, newer}, newer)
        shutil.rmtree(data)
        killed += 1
    assert killed > 5


def list_orders(data: Path) -> None:
    assert sangkat("order", "list", data=data).returncode == 0


def serve(data: Path) -> None:
    with served(data):
        pass


@pytest.mark.parametrize("next_one", [list_orders, serve])
def test_what_a_killed_restore_unpacked_goes_with_the_next_command(
    demo: Path, tmp_path: Path, next_one: Callable[[Path], None]
):
    """Its keys and its database are whole and not encrypted."""
    data, newer = copy(demo, tmp_path / "data"), count_entries(demo / DATABASE)
    kill(FOLDING, "restore", demo.parent / "backup.tar", "--force", data=data)
    left = {path.name for path in (data / "restoring").rglob("*")}
    assert {"gateway.pem", DATABASE} < left
    assert any(name.startswith("sangkat-scratch-") for name in left)
    next_one(data)
    assert not (data / "restoring").exists()
    assert count_entries(data / DATABASE) >= newer
    assert sangkat("verify", data=data).returncode == 0


def test_what_a_killed_restore_unpacked_stays_with_keys_that_are_lost(demo: Path, tmp_path: Path):
    data = copy(demo, tmp_path / "data")
    kill(FOLDING, "restore", demo.parent / "backup.tar", "--force", data=data)
    shutil.rmtree(data / "keys")
    assert sangkat("order", "list", data=data).returncode == 1
    assert (data / "restoring" / "keys" / "gateway.pem").exists()


def test_a_restore_follows_no_link_to_another_folder(demo: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    data = copy(demo, tmp_path / "data")
    (data / "restoring").symlink_to(elsewhere)
    restored = sangkat("restore", demo.parent / "backup.tar", "--force", data=data)
    assert restored.returncode == 0, restored.stderr
    assert [path.name for path in elsewhere.iterdir()] == ["precious"]
    assert not (data / "restoring").is_symlink()
    assert sangkat("verify", data=data).returncode == 0


def copy(demo: Path, data: Path) -> Path:
    return Path(shutil.copytree(demo, data, ignore=shutil.ignore_patterns("*.sock")))


def is_killed(data: Path, step: int, archive: Path) -> bool:
    given = ["restore", str(archive), "--force", "--data", str(data)]
    run = partial(die_at, str(data), step)
    restore = Program(run, *given, environ=clean_environment())
    exit_code = restore.wait()
    assert exit_code in (0, -signal.SIGKILL), restore.read("stderr")
    return exit_code != 0


def die_at(data: str, step: int, arguments: list[str]) -> int:
    """Die at the numbered change of a name that the command makes, like a machine does."""
    count = 0

    def watch(event: str, about: tuple[Any, ...]) -> None:
        nonlocal count
        if event in ("os.rename", "os.mkdir", "os.rmdir") and str(about[0]).startswith(data):
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    return main(arguments)


def count_entries_of(archive: Path, data: Path) -> int:
    assert sangkat("restore", archive, data=data).returncode == 0
    return count_entries(data / DATABASE)


def check_killed(data: Path, archive: Path, whole: set[int], newer: int) -> None:
    """A register that starts is the old or the new one, whole; then a restore ends the work."""
    if (data / DATABASE).exists():
        assert count_entries(data / DATABASE) in whole
    else:
        assert sangkat("serve", "--port", "0", data=data).returncode == 1
        assert not (data / DATABASE).exists()
    assert sangkat("restore", archive, "--force", data=data).returncode == 0
    assert sangkat("verify", data=data).returncode == 0
    kept = {count_entries(path) for path in data.glob(f"replaced-*/{DATABASE}")}
    assert newer in kept, "what was there before is kept, with what its write-ahead log held"
