"""Sealed backups as the operator makes and restores them: his key opens them, nothing else."""

import os
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from api.__main__ import main
from tests.commands.served import clean_environment, sangkat, served
from tests.forking import Program


def run_until_asked(arguments: list[str]) -> int:
    """Run a command that gets Ctrl-C once it has reached the server's socket."""

    def watch(event: str, about: tuple[Any, ...]) -> None:
        if event == "socket.connect" and "admin.sock" in str(about[1]):
            os.kill(os.getpid(), signal.SIGINT)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.addaudithook(watch)
    return main(arguments)


def run_on_a_full_disk(arguments: list[str]) -> int:
    """Run a command whose output has no room."""
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
    return main(arguments)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small register whose backups can be opened with the key beside it, and one such backup."""
    data = tmp_path_factory.mktemp("demo") / "data"
    assert sangkat("demo", "tiny", data=data).returncode == 0
    unsealed = sangkat("backup", data.parent / "backup", data=data)
    assert (unsealed.returncode, unsealed.stdout) == (2, "")
    assert "--new-identity" in unsealed.stderr
    made = sangkat("backup", "--new-identity", data.parent / "key.txt", data=data)
    assert made.returncode == 0, made.stderr
    assert sangkat("backup", data.parent / "backup", data=data).returncode == 0
    return data


@pytest.mark.parametrize(
    "flags",
    [
        ["--recipient", "age1nobody", "file"],
        ["--remember"],
        ["--unencrypted", "--new-identity", "key.txt"],
        ["--to", "folder", "file"],
    ],
)
def test_wrong_use_writes_nothing(demo: Path, flags: list[str]):
    done = sangkat("backup", *flags, data=demo)
    assert (done.returncode, done.stdout) == (2, "")
    assert not {Path("file"), Path("key.txt")} & set(Path().iterdir())


def test_a_key_is_never_written_over(demo: Path):
    key = demo.parent / "key.txt"
    before = key.read_text()
    done = sangkat("backup", "--new-identity", key, data=demo)
    assert (done.returncode, done.stderr) == (1, f"{key}: File exists\n")
    assert key.read_text() == before


def test_a_key_of_which_the_register_does_not_know_is_not_left_behind(tmp_path: Path):
    done = sangkat("backup", "--new-identity", tmp_path / "key.txt", data=tmp_path / "none")
    assert done.returncode == 1
    assert list(tmp_path.glob("key*")) == []


def test_a_key_whose_recording_was_asked_outlives_the_lost_answer(demo: Path, tmp_path: Path):
    key = tmp_path / "key.txt"
    flags = ["--new-identity", str(key), "--data", str(demo)]
    with served(demo) as server:
        server.process.send_signal(signal.SIGSTOP)
        asking = Program(run_until_asked, "backup", *flags, environ=clean_environment())
        said = (asking.wait(), asking.read("stderr"))
        server.process.send_signal(signal.SIGCONT)
    assert said[0] == 130
    assert said[1].count("\n") == 1
    assert f"keep {key}" in said[1]
    assert "AGE-SECRET-KEY" in key.read_text()


def test_a_key_that_cannot_be_shown_is_not_recorded(demo: Path):
    before = sangkat("backup", data=demo).stdout
    done = sangkat("backup", "--new-identity", "-", data=demo, run=run_on_a_full_disk)
    assert done.returncode == 75
    assert sangkat("backup", data=demo).stdout == before


def test_the_private_half_is_the_operators_alone_and_stays_out_of_the_register(demo: Path):
    key = demo.parent / "key.txt"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    private = key.read_bytes().splitlines()[-1]
    files = [path for path in demo.rglob("*") if path.is_file()]
    assert [path.name for path in files if private in path.read_bytes()] == []


def test_the_key_can_be_shown_instead_of_written(demo: Path, tmp_path: Path):
    data = tmp_path / "data"
    key = demo.parent / "key.txt"
    assert sangkat("restore", demo.parent / "backup", "--identity", key, data=data).returncode == 0
    shown = sangkat("backup", "--new-identity", "-", data=data).stdout
    assert sangkat("backup", tmp_path / "backup", data=data).returncode == 0
    assert shown.startswith("# opens")
    (tmp_path / "key.txt").write_text(shown)
    flags = ["--identity", tmp_path / "key.txt", "--force"]
    assert sangkat("restore", tmp_path / "backup", *flags, data=data).returncode == 0


@pytest.mark.parametrize("wrong", ["none", "another", "no key", "damaged"])
def test_what_does_not_open_a_backup_changes_nothing(demo: Path, tmp_path: Path, wrong: str):
    backup, key = tmp_path / "backup", tmp_path / "key.txt"
    whole = (demo.parent / "backup").read_bytes()
    backup.write_bytes(whole[:-70_000] if wrong == "damaged" else whole)
    text = (demo.parent / "key.txt").read_text()
    key.write_text("TEST DATA" if wrong == "no key" else text)
    if wrong == "another":
        key.unlink()
        assert sangkat("backup", "--new-identity", key, data=demo).returncode == 0
        public = text.split("public key: ")[1].split()[0]
        assert sangkat("backup", "--remember", "--recipient", public, data=demo).returncode == 0
    flags = [] if wrong == "none" else ["--identity", key]
    done = sangkat("restore", backup, *flags, data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (2 if wrong == "none" else 1, "")
    assert done.stderr.count("\n") == 1
    assert {path.name for path in (tmp_path / "data").iterdir()} <= {"register.lock"}


def test_a_folder_of_backups_is_for_a_timer(demo: Path, tmp_path: Path):
    with served(demo):
        done = sangkat("backup", "--to", tmp_path, data=demo)
    assert done.returncode == 0, done.stderr
    (made,) = tmp_path.iterdir()
    assert str(made) in done.stdout
    assert made.suffixes[-2:] == [".tar", ".age"]
    restored = sangkat(
        "restore", made, "--identity", demo.parent / "key.txt", data=tmp_path / "data"
    )
    assert restored.returncode == 0, restored.stderr


def test_a_server_makes_backups_by_itself_and_says_how_old_the_last_is(demo: Path, tmp_path: Path):
    with served(demo, "--backups", str(tmp_path)) as server:
        server.process.wait_until(lambda: any(tmp_path.glob("*.tar.age")))
        said = sangkat("backup", data=demo).stdout
    assert "sealed to: age1" in said
    assert f"the last one in {tmp_path}: 20" in said


def test_a_folder_that_is_not_there_stops_the_start(demo: Path, tmp_path: Path):
    done = sangkat("serve", "--backups", tmp_path / "disk", "--port", "0", data=demo)
    assert (done.returncode, done.stdout) == (2, "")
    assert not (tmp_path / "disk").exists()
