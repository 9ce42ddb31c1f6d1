"""The command `python3 -m deploy`, run on a copy: what it refuses and how it stops."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.environment import ROOT
from deploy.steps import EXIT_FAILED, EXIT_TRY_AGAIN, environment_for_tools

WRONG_USE = 2
# Nothing listens on this port of this machine: every download breaks off at once.
UNREACHABLE = "http://127.0.0.1:9/simple"
LOCKED = f"nothing-of-this-name==1.0 \\\n    --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the command and a lock that asks for something that is nowhere."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy", ignore=ignored)
    (tmp_path / "deploy" / "requirements.txt").write_text(LOCKED)
    return tmp_path


def run_deploy(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    cut_off = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": UNREACHABLE, "PIP_RETRIES": "0"}
    return subprocess.run(
        [sys.executable, "-m", "deploy", *arguments],
        cwd=folder,
        env=own | cut_off,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("slip", [["--demo", "enormous"], ["--prot", "1"], ["--port", "http"]])
def test_a_slip_is_told_before_anything_is_set_up(checkout: Path, slip: list[str]):
    assert run_deploy(checkout, *slip).returncode == WRONG_USE
    assert not (checkout / ".venv").exists()


def test_a_broken_download_says_what_to_do_and_leaves_no_false_trace(checkout: Path):
    first = run_deploy(checkout, "--setup-only")
    assert first.returncode == EXIT_TRY_AGAIN
    assert "run the same\ncommand again" in first.stderr
    assert run_deploy(checkout, "--setup-only").returncode == EXIT_TRY_AGAIN


def test_an_environment_of_somebody_else_is_left_alone(checkout: Path, tmp_path: Path):
    (theirs := tmp_path / "theirs").mkdir()
    (theirs / "kept").touch()
    (checkout / ".venv").symlink_to(theirs)
    for asked in (["--setup-only"], ["--bundle", str(tmp_path / "archive")]):
        done = run_deploy(checkout, *asked)
        assert (done.returncode, "Remove the link" in done.stderr) == (EXIT_FAILED, True)
    assert [path.name for path in theirs.iterdir()] == ["kept"]


def test_the_certificate_of_the_machine_reaches_pip_and_npm(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", "machine.pem")
    monkeypatch.setenv("PIP_CERT", "own.pem")
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS", raising=False)
    variables = environment_for_tools(Path("first"))
    assert variables["PIP_CERT"] == "own.pem"
    assert variables["NODE_EXTRA_CA_CERTS"] == "machine.pem"
    assert variables["PATH"].startswith(f"first{os.pathsep}")
