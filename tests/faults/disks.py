"""Places for a register's data that really run out of space, and get it back."""

import resource
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.process import ServerProcess

_MEGABYTES = 48
_CHUNK = b"\0" * 4096
_ROOM_BYTES = 32_768


class SmallDisk:
    """A small file system in memory; one more file takes what is left of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, server: ServerProcess) -> None:
        """Leave not a byte."""
        del server
        self.fill_up()

    def fill_up(self) -> None:
        """Leave not a byte, whether or not a register is there."""
        with self._filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(_CHUNK)
            except OSError:
                return

    def close(self) -> None:
        """Let nobody write any more, root included."""
        subprocess.run(["mount", "-o", "remount,ro", str(self.folder)], check=True)

    def clear(self, server: ServerProcess) -> None:
        """Give the space back."""
        del server
        self._filler.unlink()


class LimitedFiles:
    """A disk on which files of the register cannot grow any more: what a quota does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, server: ServerProcess) -> None:
        """Let no file grow beyond what the log of changes nearly has now."""
        wal = server.database.with_name(server.database.name + "-wal")
        self._limit(server, wal.stat().st_size + _ROOM_BYTES)

    def clear(self, server: ServerProcess) -> None:
        """Let files grow as they like."""
        self._limit(server, resource.RLIM_INFINITY)

    def _limit(self, server: ServerProcess, size: int) -> None:
        limits = (size, resource.RLIM_INFINITY)
        resource.prlimit(server.running.pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def small_disk(folder: Path, megabytes: int = _MEGABYTES) -> Generator[SmallDisk | LimitedFiles]:
    """Mount a small file system; who may not mount gets a limit on files, which fails as really."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    is_mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield SmallDisk(folder) if is_mounted else LimitedFiles(folder)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def limited_files(folder: Path) -> Generator[LimitedFiles]:
    """Use an ordinary folder in which files stop growing."""
    folder.mkdir()
    yield LimitedFiles(folder)
