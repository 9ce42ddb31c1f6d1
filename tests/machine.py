"""The Debian packages that the tests need beside the program's own, by day and by night."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from deploy.steps import EXIT_TRY_AGAIN, Stopped, environment_for_tools, run_step

PACKAGES = (
    "chromium",
    "chromium-headless-shell",
    "fonts-noto-core",
    "fonts-noto-cjk",
    "poppler-utils",
    "postgresql",
    "strace",
    "faketime",
    "nginx-light",
    "systemd",
)
NIGHTLY_PACKAGES = ("etcd-server", "haproxy", "iproute2", "patroni", "pgbouncer")
APT_ADVICE = (
    "The Debian packages did not all arrive (the reason stands above). Run the same command\n"
    "again; if it fails in the same way, look whether apt-get reaches its mirror."
)


def set_up(*, nightly: bool = False) -> None:
    """Install what is missing; who may not install is told what to ask for."""
    wanted = (*PACKAGES, *NIGHTLY_PACKAGES) if nightly else PACKAGES
    missing = [package for package in wanted if not is_installed(package)]
    if not missing:
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise Stopped(f"The tests need these packages: apt-get install {' '.join(missing)}")
    install(missing)


def is_installed(package: str) -> bool:
    if not shutil.which("dpkg-query"):
        return False
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    said = subprocess.run(asked, capture_output=True, text=True, check=False)
    return said.stdout == "installed"


def install(packages: Sequence[str]) -> None:
    environment = environment_for_tools() | {"DEBIAN_FRONTEND": "noninteractive"}
    for said, command in (
        ("Asking Debian for its packages", ["apt-get", "update"]),
        (
            f"Installing {', '.join(packages)}",
            ["apt-get", "install", "--yes", "--no-install-recommends", *packages],
        ),
    ):
        run_step(
            said,
            command,
            advice=APT_ADVICE,
            exit_code=EXIT_TRY_AGAIN,
            environment=environment,
        )
