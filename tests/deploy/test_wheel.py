"""`pip install .` brings the register with its data, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from deploy.environment import ROOT
from tests.tidy.tree import list_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    folder = tmp_path_factory.mktemp("wheel")
    offline = ["--no-deps", "--no-index", "--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", *offline, "--wheel-dir", folder]
    subprocess.run([*command, ROOT], check=True, capture_output=True)
    (built,) = folder.glob("sangkat-*.whl")
    return zipfile.Path(built)


def test_the_wheel_holds_every_file_of_the_two_packages(wheel: zipfile.Path):
    packaged = {Path(name) for name in wheel.root.namelist() if not name.endswith("/")}
    ours = {file for file in list_files() if file.parts[0] in {"api", "sync"}}
    assert Path("sync/document.py") in ours
    assert ours - packaged == set()
    assert {file.parts[0] for file in packaged - ours} == {"sangkat-0.1.0.dist-info"}


def test_the_wheel_brings_the_command(wheel: zipfile.Path):
    entry_points = wheel / "sangkat-0.1.0.dist-info" / "entry_points.txt"
    assert "sangkat = api.__main__:main" in entry_points.read_text()
