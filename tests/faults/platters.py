"""What a disk holds after a loss of power, from what was asked of it before.

The model: what was written to a file lasts once the file was synced, a name once its folder was.
Before that any sector of 512 bytes may have been written or not, in any order, and a folder may
show its old names or its new ones. The disk does not lie: what it said it has written, it has.
The folder in which all lies was there before. What is mapped into memory is not seen; SQLite maps
its `-shm` alone, which it makes anew after a crash.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from tests.faults.trace import Call

SECTOR_BYTES = 512
_SHARED = "-shm"
_IGNORED = ("ballast", ".lock", ".sock", _SHARED)
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600
Keeps = Callable[[], bool]
"""Says of each thing that was not synced whether it had reached the disk."""


class Write(NamedTuple):
    """Bytes for a place in a file; None instead of bytes ends the file there."""

    at: int
    data: bytes | None

    def split(self) -> Iterator["Write"]:
        """Yield the parts that reach the disk each by itself."""
        if self.data is None:
            yield self
            return
        for start in range(0, len(self.data), SECTOR_BYTES):
            yield Write(self.at + start, self.data[start : start + SECTOR_BYTES])

    def reach(self, found: bytearray) -> None:
        """Change the bytes on the disk."""
        if self.data is None:
            del found[self.at :]
        found.extend(bytes(max(0, self.at - len(found))))
        if self.data is not None:
            found[self.at : self.at + len(self.data)] = self.data


class Platter:
    """One file: what lasts, and what was asked of it since."""

    def __init__(self) -> None:
        self.lasting = bytearray()
        self.waiting: list[Write] = []
        self.size = 0

    def write(self, at: int | None, data: bytes) -> None:
        """Write at a place, or at the end."""
        start = self.size if at is None else at
        self.waiting.append(Write(start, data))
        self.size = max(self.size, start + len(data))

    def truncate(self, size: int) -> None:
        self.waiting.append(Write(size, None))
        self.size = size

    def sync(self) -> None:
        self.lasting = self.after(lambda: True)
        self.waiting.clear()

    def after(self, keeps: Keeps) -> bytearray:
        """Return the bytes that are found when the power comes back."""
        found = bytearray(self.lasting)
        for part in chain.from_iterable(map(Write.split, self.waiting)):
            if keeps():
                part.reach(found)
        return found


class Disk:
    """The files below one folder, as the register sees them and as they last."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        # None stands for a folder.
        self._shown: dict[str, Platter | None] = {self._root: None}
        self._lasting: dict[str, Platter | None] = {self._root: None}

    def apply(self, call: Call) -> None:
        """Do what the register asked for; anything that this model does not know is a failure."""
        paths = [path.decode() for path in call.given if self._is_here(path)]
        if self._is_counted(call.opened) and call.name != "openat":
            self._change(call, self._shown[call.opened])
        elif any(map(self._is_counted, paths)):
            self._name(call, paths)

    def crash(self, target: Path, keeps: Keeps) -> None:
        """Write down what is found when the power comes back."""
        shows_new = {path: keeps() for path in sorted(self._shown) if self._shown[path] is None}
        for path in sorted({*self._shown, *self._lasting} - {self._root}):
            folder = str(Path(path).parent)
            names = self._shown if shows_new.get(folder) else self._lasting
            place = target / path.removeprefix(f"{self._root}/")
            # A file whose folder was lost is lost with it.
            if path in names and place.parent.exists():
                _make(place, names[path], keeps)

    def _is_here(self, path: bytes) -> bool:
        return path.startswith(self._root.encode()) and b"\0" not in path

    def _is_counted(self, path: str) -> bool:
        return path.startswith(self._root) and not path.endswith(_IGNORED)

    def _change(self, call: Call, file: Platter | None) -> None:
        match call.name, file:
            case "fsync" | "fdatasync", None:
                self._sync_names(call.opened)
            case "fsync" | "fdatasync", Platter():
                file.sync()
            case "write", Platter():
                file.write(None, call.given[0])
            case "pwrite64", Platter():
                file.write(call.numbers[-1], call.given[0])
            case "ftruncate", Platter():
                file.truncate(call.numbers[-1])
            case _:
                raise AssertionError(call)

    def _name(self, call: Call, paths: list[str]) -> None:
        match call.name:
            case "openat":
                self._open(paths[0], call.flags)
            case "mkdir":
                self._shown[paths[0]] = None
            case "rename":
                self._shown[paths[1]] = self._shown.pop(paths[0])
            case "unlink":
                del self._shown[paths[0]]
            case _:
                raise AssertionError(call)

    def _open(self, path: str, flags: str) -> None:
        if "O_CREAT" in flags:
            file = self._shown.setdefault(path, Platter())
            if file is not None and file.size and "O_TRUNC" in flags:
                file.truncate(0)

    def _sync_names(self, folder: str) -> None:
        def is_inside(path: str) -> bool:
            return str(Path(path).parent) == folder

        others = {path: file for path, file in self._lasting.items() if not is_inside(path)}
        inside = {path: file for path, file in self._shown.items() if is_inside(path)}
        self._lasting = {**others, **inside}


def _make(place: Path, file: Platter | None, keeps: Keeps) -> None:
    if file is None:
        place.mkdir(_FOLDER_MODE)
    else:
        place.touch(_FILE_MODE)
        place.write_bytes(file.after(keeps))
