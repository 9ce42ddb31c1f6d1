"""The units of systemd: taken as they are, and closed as tightly as the runbook says."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from api.settings import Settings
from deploy.environment import ROOT

_FOLDER = ROOT / "deploy"
#: From 0 (nothing can be reached) to 10; deploy/RUNBOOK.md states them.
_EXPOSURE_MAX = 1.5


def list_units() -> list[Path]:
    return sorted([*_FOLDER.glob("*/*.service"), *_FOLDER.glob("*/*.timer")])


def identify(unit: Path) -> str:
    return f"{unit.parent.name}/{unit.name}"


@pytest.fixture(name="installed")
def install(tmp_path: Path) -> Path:
    """The units as they are, but for where the program is on this machine."""
    for unit in list_units():
        folder = tmp_path / unit.parent.name
        folder.mkdir(exist_ok=True)
        text = unit.read_text().replace("/usr/local/lib/sangkat/.venv", str(ROOT / ".venv"))
        (folder / unit.name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("folder", ["one-machine", "province"])
def test_systemd_takes_the_units(installed: Path, folder: str):
    units = [str(unit).replace("@.", "@8001.") for unit in sorted((installed / folder).iterdir())]
    for template in (installed / folder).glob("*@.service"):
        template.with_name(template.name.replace("@.", "@8001.")).write_text(template.read_text())
    asked = ["systemd-analyze", "verify", "--man=no", *units]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize(
    "unit", [one for one in list_units() if one.suffix == ".service"], ids=identify
)
def test_a_service_reaches_little_that_it_does_not_need(installed: Path, unit: Path):
    asked = ["systemd-analyze", "security", "--offline=true", "--no-pager"]
    file = str(installed / unit.parent.name / unit.name)
    said = subprocess.run([*asked, file], capture_output=True, text=True, check=True).stdout
    found = re.search(r"exposure level for \S+: (\d+\.\d)", said)
    assert found is not None
    assert float(found[1]) <= _EXPOSURE_MAX


@pytest.mark.parametrize("folder", ["one-machine", "province"])
def test_the_register_makes_its_backups_where_the_installation_made_room(folder: str):
    words = shlex.split((_FOLDER / folder / "sangkat.env").read_text(), comments=True)
    pairs = [word.partition("=") for word in words]
    backups = Settings.from_environ({name: value for name, _, value in pairs}).backups_dir
    installed = (_FOLDER / "one-machine" / "README.md").read_text()
    assert f"install -d -m 0700 -o sangkat -g sangkat {backups}\n" in installed
    for unit in (_FOLDER / folder).glob("*.service"):
        text = unit.read_text()
        assert re.search(rf"^ReadWritePaths=-?{backups}$", text, re.MULTILINE)
        assert "--to" not in text or f"--to {backups}\n" in text


def test_every_alert_is_explained_in_the_runbook():
    rules = (_FOLDER / "one-machine" / "alerts.yml").read_text()
    named = re.findall(r"- alert: (\w+)$", rules, re.MULTILINE)
    headings = re.findall(r"^### (\w+)$", (_FOLDER / "RUNBOOK.md").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(set(named) & set(headings))
