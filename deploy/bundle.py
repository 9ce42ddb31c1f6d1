"""One archive for machines without internet: the sources, the locked wheels and the built PWA.

What was unpacked sets itself up by the same command; the folder `bundle` in it stands in for the
package index and for Node.
"""

import gzip
import os
import tarfile
import tempfile
from pathlib import Path
from typing import IO

from deploy import environment, pwa, stamps
from deploy.environment import ROOT
from deploy.steps import EXIT_TRY_AGAIN, Stopped, run_step

NAME = "sangkat"
SOURCES = ("api", "sync", "deploy", "pwa")
FILES = ("LICENSE", "README.md", "pyproject.toml")
# The same sources give the same archive, whoever makes it and when.
MOMENT = 1_663_632_000


def make(target: Path, lock: str) -> None:
    """Write the archive under its name, or not at all."""
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise Stopped(f"{target} is no place for a file")
    environment.make_folder()
    pwa.set_up()
    with tempfile.TemporaryDirectory(dir=target.absolute().parent) as place:
        fetch(lock, Path(place, "bundle", "wheels"))
        stamps.record(Path(place, "bundle", pwa.STAMP.name), pwa.digest())
        stamps.record(Path(place, "bundle", "machine"), environment.describe_machine())
        written = Path(place, "archive")
        with written.open("wb") as file:
            write(file, {**list_ours(ROOT), **list_below(Path(place), Path(place, "bundle"))})
        written.replace(target)
    print(f"{target}: for {environment.describe_machine()}; unpack it there, then in {NAME}/:")
    print("python3 -m deploy")


def fetch(lock: str, folder: Path) -> None:
    """Download the wheels of a lock file, each with its hash."""
    command = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    rules = ["--no-deps", "--only-binary=:all:", "--require-hashes", *environment.find_source()]
    run_step(
        f"Fetching the wheels of {lock}",
        [environment.PYTHON, *command, *rules, "-r", ROOT / lock, "--dest", folder],
        advice=environment.DOWNLOAD_ADVICE,
        exit_code=EXIT_TRY_AGAIN,
        environment=environment.environment_for_pip(),
    )


def list_ours(root: Path) -> dict[str, Path]:
    """Every file that the set-up and the register need, by its name in the archive."""
    found = {name: root / name for name in FILES if (root / name).is_file()}
    for name in SOURCES:
        found |= list_below(root, root / name)
    return found | list_below(root, pwa.BUILT.parent)


def list_below(root: Path, folder: Path) -> dict[str, Path]:
    """The files of a folder, without what tools leave there."""
    files = (path for path in stamps.list_sources(folder) if "__pycache__" not in path.parts)
    return {str(path.relative_to(root)): path for path in files}


def write(file: IO[bytes], members: dict[str, Path]) -> None:
    """Pack the files in the order of their names, with nothing of this machine and this day."""
    with (
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, path in sorted(members.items()):
            entry = tarfile.TarInfo(f"{NAME}/{name}")
            entry.size, entry.mtime = path.stat().st_size, MOMENT
            entry.mode = 0o755 if os.access(path, os.X_OK) else 0o644
            with path.open("rb") as source:
                archive.addfile(entry, source)
