"""Every command ends with a code of wire.md and one line: 1 refused, 2 wrong use, 75 later."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.environment import ROOT
from tests.commands.served import Served, sangkat, served
from tests.faults.disks import SmallDisk, small_disk

NOBODY = "01831f8b-d000-7000-8000-000000009999"


@pytest.fixture(scope="module", name="demo")
def make_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo") / "register"
    assert sangkat("demo", "tiny", data=data).returncode == 0
    (data / "rubbish").write_bytes(bytes(range(256)))
    (data / "empty").touch()
    return data


def test_the_command_starts_from_nothing():
    command = [sys.executable, "-m", "api", "demo", "huge"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout) == (2, "")
    assert "huge" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "serve --port 99999",
        "serve --port -1",
        "serve --port x",
        "order end notanid --on 2026-01-01",
        f"order end {NOBODY} --on yesterday",
        "order add nothing",
        "order add rubbish",
        "account token --days 0",
        "account token --days 99999999999999999999",
        "account token --account notanid",
        "account disable notanid",
        "account list --role king",
        "account invite --role king",
        f"import nothing --premises {NOBODY}",
        f"import rubbish --premises {NOBODY}",
        f"import empty --premises {NOBODY}",
        "import empty --premises x",
        "export --place psh-c-sangkat-4",
        "verify --receipt nothing",
        "verify --receipt rubbish",
        "verify --receipt empty",
        "demo huge",
        "nonsense",
    ],
)
def test_wrong_use_is_two(demo: Path, command: str):
    words = [str(demo / word) if word in FILES else word for word in command.split()]
    done = sangkat(*words, data=demo)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].count(":") or done.stderr.count("\n") == 1


FILES = ("nothing", "rubbish", "empty")


@pytest.mark.parametrize(
    "command",
    [
        f"order end {NOBODY} --on 2026-01-01",
        f"account disable {NOBODY}",
        "account invite --role officer --place nowhere",
        "account token --place nowhere",
        "export --place nowhere --purpose visit",
        "export --place psh-c-sangkat-4 --purpose visit --out /",
        "export --place psh-c-sangkat-4 --purpose visit --out /no/folder/list.csv",
        "backup /no/folder/backup.tar",
        "backup /",
        "restore nothing --force",
        "restore rubbish --force",
        "setup --operator a --contact b --legal-basis c --place psh-c-sangkat-4",
    ],
)
def test_what_is_refused_is_one_and_a_line(demo: Path, command: str):
    words = [str(demo / word) if word in FILES else word for word in command.split()]
    done = sangkat(*words, data=demo)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


COMMANDS = (
    "serve --port 0", "demo tiny", "migrate", "verify", "order list", "backup /tmp/never.tar",
    "account list",
)  # fmt: skip


@pytest.mark.parametrize("command", [*COMMANDS, "restore nothing"])
def test_a_folder_that_is_none_is_said_in_a_line(tmp_path: Path, command: str):
    (tmp_path / "file").touch()
    for data in (tmp_path / "file", tmp_path / "file" / "below"):
        done = sangkat(*command.split(), data=data)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_data_that_cannot_be_read_end_the_command(tmp_path: Path, command: str):
    (tmp_path / "register.sqlite3").write_bytes(b"no database " * 1_000)
    done = sangkat(*command.split(), data=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["gateway.pem", "receipt-keys.json"])
def test_a_register_does_not_go_on_with_other_keys(demo: Path, tmp_path: Path, name: str):
    data = tmp_path / "register"
    shutil.copytree(demo, data)
    (data / "keys" / name).unlink()
    for command in ("serve --port 0", "order list", "migrate"):
        done = sangkat(*command.split(), data=data)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"{name} is missing" in done.stderr
        assert done.stderr.count("\n") == 1
    assert not (data / "keys" / name).exists()


@pytest.mark.parametrize("name", ["gateway.pem", "receipt.pem", "receipt-keys.json"])
def test_a_key_that_is_none_is_named(demo: Path, tmp_path: Path, name: str):
    data = tmp_path / "register"
    shutil.copytree(demo, data)
    (data / "keys" / name).write_text("{")
    for command in ("serve --port 0", "order list", "verify"):
        done = sangkat(*command.split(), data=data)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"{name} holds no key" in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["gateway.pem", "receipt.pem", "receipt-keys.json"])
def test_a_proof_makes_no_key_that_is_missing(demo: Path, tmp_path: Path, name: str):
    data = tmp_path / "register"
    shutil.copytree(demo, data)
    (data / "keys" / name).unlink()
    done = sangkat("verify", data=data)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert f"{name} is missing" in done.stderr
    assert not (data / "keys" / name).exists()


@pytest.fixture(scope="module", name="running")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("running") / "register", "--demo", "tiny") as running:
        yield running


@pytest.mark.parametrize("command", ["migrate", "restore rubbish --force", "serve --port 0"])
def test_data_that_are_served_are_left_alone(running: Served, command: str):
    done = sangkat(*command.split(), data=running.data)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{running.data} is served by another process already\n"


def test_a_full_disk_is_for_later(tmp_path: Path, running: Served):
    with small_disk(tmp_path / "disk", megabytes=8) as disk:
        if isinstance(disk, SmallDisk):
            (disk.folder / "filler").write_bytes(b"\0" * 7_000_000)
        for command in (["demo", "commune"], ["serve", "--port", "0", "--demo", "commune"]):
            done = sangkat(*command, data=disk.folder / "register")
            assert (done.returncode, done.stdout) == (75, "")
            assert done.stderr.count("\n") == 1
        done = sangkat("backup", disk.folder / "backup.tar", "--unencrypted", data=running.data)
        assert (done.returncode, done.stdout) == (75, "")


def test_a_register_whose_disk_is_full_is_backed_up_to_another(demo: Path, tmp_path: Path):
    """The server runs: where it does not, there is no room to open the data at all."""
    with small_disk(tmp_path / "disk", megabytes=32) as disk:
        data = Path(shutil.copytree(demo, disk.folder / "register"))
        if isinstance(disk, SmallDisk):
            with served(data):
                disk.fill_up()
                archive = tmp_path / "elsewhere" / "backup.tar"
                archive.parent.mkdir()
                done = sangkat("backup", archive, "--unencrypted", data=data)
                assert done.returncode == 0, done.stderr
                assert list(archive.parent.iterdir()) == [archive]
            assert sangkat("restore", archive, data=tmp_path / "restored").returncode == 0


def test_a_register_whose_disk_is_full_says_so_and_starts_later(demo: Path, tmp_path: Path):
    with small_disk(tmp_path / "disk", megabytes=8) as disk:
        data = Path(shutil.copytree(demo, disk.folder / "register"))
        if isinstance(disk, SmallDisk):
            disk.fill_up()
            for command in ("serve --port 0", "order list", "migrate", "verify"):
                done = sangkat(*command.split(), data=data)
                assert (done.returncode, done.stdout) == (75, "")
                assert "the disk is full" in done.stderr
                assert done.stderr.count("\n") == 1
