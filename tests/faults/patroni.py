"""The database machines of `deploy/province/` on loopback addresses: etcd, Patroni, HAProxy.

Started from the files that a province is given, as user postgres where the test runs as root.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import chown, rmtree
from tempfile import mkdtemp
from typing import Final

import httpx

from deploy.environment import ROOT
from tests.processes import list_family

_TEMPLATES: Final = ROOT / "deploy" / "province"
_USER: Final = "postgres"
_ADDRESSES: Final = {"db1": "127.0.0.11", "db2": "127.0.0.12", "db3": "127.0.0.13"}
_HAPROXY: Final = "127.0.0.10"
_PASSWORD: Final = "test-data"
_START_SECONDS_MAX: Final = 120
_POLL_SECONDS: Final = 0.2


class Machine:
    """One of three machines: its etcd, its Patroni, and the PostgreSQL that this one starts."""

    def __init__(self, name: str, folder: Path) -> None:
        """Fill the files of a machine of this name in a folder of its own."""
        self.name, self.address, self.folder = name, _ADDRESSES[name], folder
        self._etcd: subprocess.Popen[bytes] | None = None
        self._patroni: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        _hand_over(folder)
        self._sed = _write_values(folder, name, self.address)
        for template in ("patroni.yml", "etcd.env", "haproxy.cfg"):
            (folder / template).write_text(fill(template, self._sed))

    @property
    def config(self) -> Path:
        return self.folder / "patroni.yml"

    def start(self) -> None:
        lines = (self.folder / "etcd.env").read_text().splitlines()
        environ = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
        self._etcd = start(["etcd"], self.folder, environ)
        self.start_patroni()

    def start_patroni(self) -> None:
        self._patroni = start(["patroni", str(self.config)], self.folder)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to Patroni and to every process of PostgreSQL, as if the machine did it."""
        assert self._patroni is not None
        pids = [self._patroni.pid, *self._list_postgres()]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def leads(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://{self.address}:8008/primary", timeout=2).is_success
        return False

    def kill(self) -> None:
        """SIGKILL database and Patroni."""
        assert self._patroni is not None
        self.signal(signal.SIGKILL)
        self._patroni.wait()

    def end(self) -> None:
        """End everything that was started here."""
        self.signal(signal.SIGKILL)
        for process in (self._patroni, self._etcd):
            if process is not None:
                process.kill()
                process.wait()

    def _list_postgres(self) -> list[int]:
        file = self.folder / "sangkat" / "postmaster.pid"
        with suppress(FileNotFoundError, IndexError, ValueError):
            return list_family(int(file.read_text().splitlines()[0]))
        return []


class Cluster:
    """Three machines and the HAProxy in front of them."""

    def __init__(self, folder: Path) -> None:
        """Fill the files; nothing runs yet."""
        self.machines = {name: Machine(name, folder / name) for name in _ADDRESSES}
        self._folder = folder
        self._haproxy: subprocess.Popen[bytes] | None = None
        self.dsn = f"postgresql://postgres:{_PASSWORD}@{_HAPROXY}:5000/postgres"

    def start(self) -> None:
        """Return when there is a leader with a synchronous standby, and HAProxy has found it."""
        for machine in self.machines.values():
            machine.start()
        config = self.machines["db1"].folder / "haproxy.cfg"
        self._haproxy = start(["haproxy", "-db", "-f", str(config)], self._folder)
        self.await_whole()

    def end(self) -> None:
        for machine in self.machines.values():
            machine.end()
        if self._haproxy is not None:
            self._haproxy.kill()
            self._haproxy.wait()

    def await_whole(self) -> None:
        """Wait until all three follow one leader, and one of them holds what it acknowledges."""
        wanted = ["leader", "replica", "sync_standby"]
        await_it(lambda: sorted(self.list_roles().values()) == wanted)

    def list_roles(self) -> dict[str, str]:
        """Return who leads and who follows, as any machine that answers says it."""
        for machine in self.machines.values():
            with suppress(httpx.HTTPError, KeyError):
                told = httpx.get(f"http://{machine.address}:8008/cluster", timeout=2).json()
                states = {"running", "streaming"}
                return {
                    one["name"]: one["role"] for one in told["members"] if one["state"] in states
                }
        return {}

    def list_leaders(self) -> list[str]:
        """Return who says himself that he leads, which is what HAProxy asks."""
        return [machine.name for machine in self.machines.values() if machine.leads()]

    def find(self, role: str) -> Machine:
        """Return the machine with a role."""
        return next(self.machines[name] for name, at in self.list_roles().items() if at == role)

    def switch_over(self) -> None:
        """Let the synchronous standby lead, by the command of the runbook."""
        leader, standby = self.find("leader"), self.find("sync_standby")
        given = ["--master", leader.name, "--candidate", standby.name, "--force"]
        command = ["patronictl", "-c", str(standby.config), "switchover", *given]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


def fill(template: str, values: Path) -> str:
    """Return a file of the province with its values, by the command of its README."""
    command = ["sed", "-f", str(values), str(_TEMPLATES / template)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _write_values(folder: Path, name: str, address: str) -> Path:
    """Write the province's own file of values with those of this machine."""
    values = {
        "NODE": name,
        "ADDRESS": address,
        **{machine.upper(): at for machine, at in _ADDRESSES.items()},
        "NETWORK": "127.0.0.0/8",
        "HAPROXY": _HAPROXY,
        "PGDIR": str(folder),
        "ETCDDIR": str(folder / "etcd"),
    }
    lines: list[str] = []
    for line in (_TEMPLATES / "province.sed").read_text().splitlines():
        _, at, rest = line.partition("@")
        key, _, rest = rest.partition("@")
        lines.append(f"s|@{key}@|{values.get(key, _PASSWORD)}|g" if at and key else line)
    file = folder / "province.sed"
    file.write_text("\n".join(lines) + "\n")
    return file


def start(
    command: list[str], folder: Path, environ: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a program of the cluster; what it says is kept beside its data."""
    user = _USER if os.geteuid() == 0 else None
    with (folder / f"{command[0]}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            umask=0o077,
        )


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        chown(folder, _USER, _USER)


def await_it(has_come: Callable[[], bool]) -> None:
    """Wait until something has come, two minutes at most."""
    ends = time.monotonic() + _START_SECONDS_MAX
    while not has_come():
        assert time.monotonic() < ends, "the cluster did not come to rest"
        time.sleep(_POLL_SECONDS)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Run a cluster until the block ends, in a short path that user postgres can reach."""
    folder = Path(mkdtemp(prefix="patroni", dir="/var/tmp"))
    _hand_over(folder)
    cluster = Cluster(folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.end()
        rmtree(folder, ignore_errors=True)
