"""The folder .venv with the locked packages; apart so that the tests set up in the same way."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from deploy import stamps
from deploy.steps import EXIT_TRY_AGAIN, Stopped, environment_for_tools, run_step

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
STAMPS = FOLDER / "stamps"
PYTHON = FOLDER / "bin" / "python"

# What an archive of `--bundle` brings besides the sources.
BUNDLE = ROOT / "bundle"
WHEELS = BUNDLE / "wheels"
MACHINE = BUNDLE / "machine"

LINK_ADVICE = (
    f"{FOLDER} is a link to another place, and what lies there would be deleted. Remove the link\n"
    "and run the same command again: it makes a folder of its own."
)
DOWNLOAD_ADVICE = (
    "The packages did not all arrive (the reason stands above). Nothing is lost: run the same\n"
    "command again, it goes on where it stopped. Behind a proxy or with a certificate authority\n"
    "of your own set HTTPS_PROXY, SSL_CERT_FILE or PIP_INDEX_URL first. If a hash does not match,\n"
    "what was served is not what this register was tested with: do not go round it."
)

COMMAND = """#!{python}
import sys

from api.__main__ import main

sys.exit(main())
"""


def set_up(lock: str) -> Path:
    """Make .venv hold the packages of a lock file and find ours; returns its Python."""
    check_machine()
    make_folder()
    install(lock)
    return PYTHON


def describe_machine() -> str:
    """What wheels depend on, in words."""
    version = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    library = platform.libc_ver()[0] or "another C library"
    return f"{version} on {sysconfig.get_platform()} with {library}"


def check_machine() -> None:
    """Wheels of a bundle fit the machine that they were fetched for."""
    if MACHINE.is_file() and MACHINE.read_text() != describe_machine():
        made_for, here = MACHINE.read_text(), describe_machine()
        msg = f"This bundle is for {made_for}; here is {here}.\n"
        raise Stopped(msg + "Make one on such a machine: python3 -m deploy --bundle FILE")


def find_source() -> list[str | Path]:
    """Options of pip: the wheels of a bundle and nothing else, or whatever the machine has set."""
    return ["--isolated", "--no-index", "--find-links", WHEELS] if WHEELS.is_dir() else []


def environment_for_pip() -> dict[str, str]:
    """The machine's variables; beside a bundle no settings of any pip, which name other sources."""
    alone = {"PIP_CONFIG_FILE": os.devnull} if WHEELS.is_dir() else {}
    return environment_for_tools() | alone


def make_folder() -> None:
    """Made anew when Python or the place of the checkout changed: both are written into it."""
    now = stamps.digest([], sys.version, str(ROOT))
    stamp = STAMPS / "python"
    if stamps.is_current(stamp, now) and PYTHON.exists():
        return
    # Clearing goes through a link, and would empty the environment of somebody else.
    if FOLDER.is_symlink():
        raise Stopped(LINK_ADVICE)
    try:
        venv.create(FOLDER, clear=True, symlinks=True, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as failure:
        shutil.rmtree(FOLDER, ignore_errors=True)
        msg = f"Python could not make .venv ({failure}). On Debian: apt-get install python3-venv"
        raise Stopped(msg) from failure
    link_our_packages()
    stamps.record(stamp, now)


def link_our_packages() -> None:
    """What `pip install -e .` would do, without fetching a build tool for it."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (FOLDER / "lib" / version / "site-packages" / "sangkat.pth").write_text(f"{ROOT}\n")
    command = FOLDER / "bin" / "sangkat"
    command.write_text(COMMAND.format(python=PYTHON))
    command.chmod(0o755)


def install(lock: str) -> None:
    """Install a lock file; only wheels, because building would fetch what no lock names."""
    now = stamps.digest([ROOT / lock])
    stamp = STAMPS / lock.replace("/", "-")
    if stamps.is_current(stamp, now):
        return
    install_command = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    rules: list[str | Path] = [
        "--no-input",
        "--compile",
        "--no-deps",
        "--only-binary=:all:",
        "--require-hashes",
        *find_source(),
    ]
    run_step(
        f"Installing {lock}",
        [PYTHON, *install_command, *rules, "-r", ROOT / lock],
        advice=DOWNLOAD_ADVICE,
        exit_code=EXIT_TRY_AGAIN,
        environment=environment_for_pip(),
    )
    stamps.record(stamp, now)
