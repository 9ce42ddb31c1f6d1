"""Gives a process so much memory and no more, where the machine's control groups allow it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# Version 1, where each kind of limit has a tree of its own, and version 2.
_TREES = (
    (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
    (Path("/sys/fs/cgroup"), "memory.max"),
)


@contextmanager
def confined(pid: int, bytes_max: int) -> Iterator[bool]:
    """Confine a process until the block ends; gives False where only measuring is possible."""
    group = _make_group(f"sangkat-{os.getpid()}-{pid}", bytes_max)
    is_confined = group is not None and _put(pid, group)
    try:
        yield is_confined
    finally:
        if group is not None:
            _put(pid, group.parent)
            with suppress(OSError):
                group.rmdir()


def _make_group(name: str, bytes_max: int) -> Path | None:
    for tree, limit in _TREES:
        group = tree / name
        if (tree / "cgroup.procs").exists():
            with suppress(OSError):
                group.mkdir()
                (group / limit).write_text(str(bytes_max))
                return group
    return None


def _put(pid: int, group: Path) -> bool:
    try:
        (group / "cgroup.procs").write_text(str(pid))
    except OSError:
        return False
    return True


def read_peak_bytes(pid: int) -> int:
    """Return the most memory that a process ever had resident."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
