"""The folder .venv with the locked packages; apart so that the tests set up in the same way."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from deploy import stamps
from deploy.steps import EXIT_TRY_AGAIN, Stopped, run_step

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
STAMPS = FOLDER / "stamps"
PYTHON = FOLDER / "bin" / "python"

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
    make_folder()
    install(lock)
    return PYTHON


def make_folder() -> None:
    """Made anew when Python or the place of the checkout changed: both are written into it."""
    now = stamps.digest([], sys.version, str(ROOT))
    stamp = STAMPS / "python"
    if stamps.is_current(stamp, now) and PYTHON.exists():
        return
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
    rules = ["--no-input", "--compile", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    run_step(
        f"Installing {lock}",
        [PYTHON, *install_command, *rules, "-r", ROOT / lock],
        advice=DOWNLOAD_ADVICE,
        exit_code=EXIT_TRY_AGAIN,
    )
    stamps.record(stamp, now)
