"""The archive for machines without internet: it sets itself up from what it brings alone."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from deploy.environment import ROOT, describe_machine
from tests.deploy.test_command import UNREACHABLE

LOCK = Path("deploy", "requirements.txt")
# No index, no proxy, and no Node in the search path.
CUT_OFF = {"PIP_INDEX_URL": UNREACHABLE, "HTTPS_PROXY": UNREACHABLE, "PIP_RETRIES": "0"}
NOT_COPIED = ("__pycache__", "node_modules", ".venv", "var")


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder; where root runs it, without any network if it is cut off."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    cut = ["unshare", "--net"] if variables and os.geteuid() == 0 else []
    return subprocess.run(
        [*cut, sys.executable, "-m", "deploy", *arguments],
        cwd=folder,
        env=(own | variables) if variables else dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )


def take_package(lock: str, name: str) -> str:
    """Return the lines of one package in a lock file."""
    found = re.search(rf"^{name}==.*\n(?:    --hash.*\n)+", lock, re.MULTILINE)
    assert found is not None
    return found[0]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout whose lock names one small package and whose PWA is built."""
    folder = tmp_path_factory.mktemp("bundle") / "checkout"
    folder.mkdir()
    for name in ("api", "sync", "deploy"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*NOT_COPIED))
    (folder / LOCK).write_text(take_package((ROOT / LOCK).read_text(), "idna"))
    (folder / "pwa" / "dist").mkdir(parents=True)
    (folder / "pwa" / "dist" / "index.html").write_text("TEST DATA")
    (folder / "pwa" / "main.ts").write_text("")
    pretend_it_was_built(folder)
    return folder


def pretend_it_was_built(folder: Path) -> None:
    """Let the checkout's own code write the stamp; there is no Node here to build with."""
    script = "from deploy import environment, pwa, stamps; environment.make_folder();"
    script += "stamps.record(pwa.STAMP, pwa.digest())"
    subprocess.run([sys.executable, "-c", script], cwd=folder, check=True)


@pytest.fixture(scope="module")
def bundle(checkout: Path) -> Path:
    done = run(checkout, "--bundle", str(checkout.parent / "one.tar.gz"))
    assert done.returncode == 0, done.stderr
    assert describe_machine() in done.stdout
    return checkout.parent / "one.tar.gz"


def unpack(bundle: Path, folder: Path) -> Path:
    with tarfile.open(bundle) as archive:
        archive.extractall(folder)
    return folder / "sangkat"


def test_a_bundle_goes_where_it_can(checkout: Path):
    assert run(checkout, "--bundle", str(checkout / "no" / "file.tar.gz")).returncode == 1
    assert run(checkout, "--bundle", str(checkout)).returncode == 1


@pytest.fixture(scope="module")
def unpacked(bundle: Path) -> Path:
    """One folder for all that needs an environment of its own, which takes seconds to make."""
    return unpack(bundle, bundle.parent / "unpacked")


def test_it_sets_itself_up_without_any_network(unpacked: Path):
    done = run(unpacked, "--setup-only", **CUT_OFF, PATH="/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert find_package(unpacked) is not None
    assert (unpacked / "pwa" / "dist" / "index.html").read_text() == "TEST DATA"


def find_package(folder: Path) -> Path | None:
    """Return where the one package of the lock was installed."""
    return next(folder.glob(".venv/lib/python*/site-packages/idna"), None)


def test_a_wheel_that_was_changed_is_not_installed(unpacked: Path):
    (wheel,) = (unpacked / "bundle" / "wheels").iterdir()
    whole = wheel.read_bytes()
    wheel.write_bytes(whole + b"\0")
    forget_packages(unpacked)
    done = run(unpacked, "--setup-only", **CUT_OFF)
    wheel.write_bytes(whole)
    assert done.returncode != 0
    assert "hash" in done.stderr.lower()
    assert find_package(unpacked) is None


def forget_packages(folder: Path) -> None:
    """Let the next set-up install them anew."""
    (folder / ".venv" / "stamps" / "deploy-requirements.txt").unlink(missing_ok=True)
    for path in folder.glob(".venv/lib/python*/site-packages/idna*"):
        shutil.rmtree(path)


def test_another_machine_is_told_so_before_anything_is_set_up(bundle: Path, tmp_path: Path):
    folder = unpack(bundle, tmp_path)
    (folder / "bundle" / "machine").write_text("cpython 3.99 on toaster")
    done = run(folder, "--setup-only", **CUT_OFF)
    assert (done.returncode, "for cpython 3.99 on toaster" in done.stderr) == (1, True)
    assert not (folder / ".venv").exists()


def test_the_same_sources_make_the_same_bundle(bundle: Path, unpacked: Path, tmp_path: Path):
    """Also out of a bundle, without any network."""
    done = run(unpacked, "--bundle", str(tmp_path / "two.tar.gz"), **CUT_OFF)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "two.tar.gz").read_bytes() == bundle.read_bytes()


def test_it_holds_neither_data_nor_what_tools_leave(bundle: Path):
    with tarfile.open(bundle) as archive:
        names = [Path(name) for name in archive.getnames()]
    parts = {part for name in names for part in name.parts}
    assert parts & {".venv", "var", "node_modules", "__pycache__", ".git"} == set()
    assert Path("sangkat/api/database/migrations/0001-ledger.sql") in names
    assert {name.parts[0] for name in names} == {"sangkat"}


@pytest.mark.nightly
def test_the_whole_register_starts_out_of_a_bundle(tmp_path: Path):
    """Every locked package and the real page, on a machine that reaches nothing but itself."""
    done = run(ROOT, "--bundle", str(tmp_path / "bundle.tar.gz"))
    assert done.returncode == 0, done.stderr
    folder = unpack(tmp_path / "bundle.tar.gz", tmp_path)
    done = run(folder, "--setup-only", **CUT_OFF, PATH="/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    sangkat = folder / ".venv" / "bin" / "sangkat"
    for command in (["demo", "tiny"], ["verify"]):
        said = subprocess.run([sangkat, *command], cwd=folder, capture_output=True, check=False)
        assert said.returncode == 0, said.stderr
