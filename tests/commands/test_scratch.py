"""Copies that a killed command left are gone after the next one; those in use are left alone."""

import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from api.backups.sealing import make_identity
from api.scratch import open_scratch, sweep
from tests.commands.fated import FOLDING, Moment, kill, start
from tests.commands.served import sangkat, served
from tests.forking import Program

NAMING: Moment = ("os.rename", ".partial", 1)
_, PUBLIC = make_identity()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("scratch") / "data"
    assert sangkat("demo", "tiny", data=data).returncode == 0
    return data


def list_copies(data: Path) -> list[Path]:
    return sorted(data.glob("*/register.sqlite3"))


def check_left(data: Path) -> None:
    """What a killed command left is a copy indeed, and nobody else's to read."""
    (copy,) = list_copies(data)
    assert copy.stat().st_size > 0
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def verify(data: Path) -> None:
    assert sangkat("verify", data=data).returncode == 0


def serve(data: Path) -> None:
    with served(data):
        pass


@pytest.mark.parametrize("next_one", [verify, serve])
def test_what_a_killed_verify_left_goes_with_the_next_command(
    data: Path, next_one: Callable[[Path], None]
):
    kill(FOLDING, "verify", data=data)
    check_left(data)
    next_one(data)
    assert list(data.glob("sangkat-scratch-*")) == []


def test_what_a_killed_backup_left_goes_with_the_next_one(data: Path, tmp_path: Path):
    kill(NAMING, "backup", tmp_path / "monday.tar", "--recipient", PUBLIC, data=data)
    check_left(data)
    assert len(list(tmp_path.glob("monday.tar.*.partial"))) == 1
    (tmp_path / "another.partial").write_bytes(b"TEST DATA")
    assert sangkat("backup", tmp_path / "tuesday.tar", "--unencrypted", data=data).returncode == 0
    assert list_copies(data) == []
    assert {path.name for path in tmp_path.iterdir()} == {"tuesday.tar", "another.partial"}


def is_stopped(program: Program) -> bool:
    state = Path(f"/proc/{program.pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state == "T"


def test_what_another_command_works_with_stays(data: Path):
    frozen = start(signal.SIGSTOP, FOLDING, "verify", data=data)
    try:
        frozen.wait_until(lambda: is_stopped(frozen))
        working = list_copies(data)
        assert len(working) == 1
        verify(data)
        assert list_copies(data) == working
    finally:
        frozen.send_signal(signal.SIGCONT)
    assert frozen.wait() == 0
    assert list_copies(data) == []


def test_a_link_under_the_name_of_scratch_leads_nobody_to_delete(data: Path, tmp_path: Path):
    (tmp_path / "lock").touch()
    link = data / "sangkat-scratch-linked"
    link.symlink_to(tmp_path)
    verify(data)
    link.unlink()
    assert (tmp_path / "lock").exists()


def test_scratch_lies_elsewhere_only_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    writable, temporary = tmp_path / "data", tmp_path / "temporary"
    for folder in (writable, temporary):
        folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with open_scratch(writable) as folder:
        assert folder.parent == writable
    # Nobody, root included, makes a file in here.
    with open_scratch(Path("/sys/kernel")) as folder:
        assert folder.parent == temporary
    assert list(tmp_path.rglob("sangkat-*")) == []


def test_what_was_deleted_halfway_goes_with_the_next(tmp_path: Path):
    left = tmp_path / "sangkat-scratch-halfway"
    left.mkdir()
    (left / "register.sqlite3-wal").write_bytes(b"TEST DATA")
    with open_scratch(tmp_path) as folder:
        assert not left.exists()
        sweep(tmp_path)
        assert folder.exists()
    assert list(tmp_path.iterdir()) == []
