"""A PostgreSQL cluster of the tests' own, from Debian's programs, on a free port of this machine.

PostgreSQL refuses to run as root, so that root's tests run it as the user `postgres`. It syncs as a
real one does, because a register refuses one that does not; in memory that takes no time.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any, Final

from tests.processes import find_free_port, list_family
from tests.running import MEMORY, has_room

PROGRAMS: Final = Path("/usr/lib/postgresql")
USER: Final = "postgres"
INIT: Final = ("--no-sync", "--auth=trust", f"--username={USER}", "--encoding=UTF8")
# One that sorts text by its bytes, as SQLite does.
LOCALE: Final = "--locale=C.UTF-8"
STARTS_MAX: Final = 20
PAUSE_SECONDS: Final = 0.2
SETTINGS: Final = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"


class Cluster:
    """One server with its data in a folder; a test may kill it and start it again."""

    def __init__(self, folder: Path) -> None:
        """Make the data; nothing runs yet."""
        self._data, self._port = folder / "data", find_free_port()
        self._control = ("pg_ctl", f"--pgdata={self._data}")
        #: The address of an empty database.
        self.dsn = f"postgresql://{USER}@127.0.0.1:{self._port}/postgres"
        run("initdb", *INIT, LOCALE, f"--pgdata={self._data}")

    def start(self) -> None:
        """Return when the server takes connections."""
        options = f"--options=-p {self._port} {SETTINGS}"
        command = (*self._control, "start", f"--log={self._data / 'log'}", options)
        for _ in range(STARTS_MAX):
            # What is left of one that was killed may hold its memory for a moment.
            with suppress(AssertionError):
                run(*command)
                return
            time.sleep(PAUSE_SECONDS)
        run(*command)

    def stop(self) -> None:
        """End it without any goodbye to who is connected; what it wrote is recovered later."""
        run(*self._control, "stop", "--mode=immediate")

    def list_processes(self) -> list[int]:
        """Return the server and every process of its own; none where it does not run."""
        with suppress(FileNotFoundError):
            return list_family(int((self._data / "postmaster.pid").read_text().splitlines()[0]))
        return []


@contextmanager
def owned_cluster(place: Path | None = None) -> Generator[Cluster]:
    """Run a cluster until the block ends."""
    # Not in the run's own scratch folder, which is closed to other users.
    place = place or (MEMORY if has_room(MEMORY) else Path("/tmp"))
    with TemporaryDirectory(prefix="pg", dir=place, ignore_cleanup_errors=True) as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


@contextmanager
def running_cluster(place: Path | None = None) -> Generator[str]:
    """Yield the address of an empty database, as `postgresql://postgres@127.0.0.1:PORT/NAME`."""
    with owned_cluster(place) as cluster:
        yield cluster.dsn


def make_database(dsn: str, name: str) -> str:
    """Make an empty database in a cluster; return its address."""
    run("createdb", f"--maintenance-db={dsn}", name)
    return f"{dsn.rpartition('/')[0]}/{name}"


def load(dsn: str, dump: Path) -> None:
    """Put a dump into an empty database; read by who runs the tests, whose file it is."""
    given = ("--exit-on-error", "--no-owner", f"--dbname={dsn}", dump)
    subprocess.run([find_programs() / "pg_restore", *given], check=True, stdin=subprocess.DEVNULL)


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs to its end; it has to succeed."""
    given: dict[str, Any] = {"cwd": "/"}
    if os.geteuid() == 0:
        given |= {"user": USER, "group": USER, "extra_groups": []}
    # A file, because the server that `pg_ctl` leaves behind would keep a pipe open.
    with TemporaryFile() as said:
        command = [find_programs() / program, *arguments]
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **given
        )
        said.seek(0)
        assert done.returncode == 0, said.read().decode()


def find_programs() -> Path:
    """Return the folder of the newest version that Debian installed."""
    found = sorted(PROGRAMS.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    assert found, "PostgreSQL is missing: apt-get install postgresql"
    return found[-1].parent
