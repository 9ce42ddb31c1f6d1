"""The files of photos beside a register's database: what a copy takes and a restore brings."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from msgspec.structs import replace

from api.blobs.files import list_kept, place, read_kept
from api.blobs.store import adopt
from api.copies import open_copy
from api.settings import Settings

Coming = Literal["stayed", "copied", "none"]
#: In a restore the files stayed where they were, came with the copy, or did not come along.
COMINGS: Final[tuple[Coming, ...]] = ("stayed", "copied", "none")


class Album:
    """The copies of one register's photos."""

    def __init__(self, settings: Settings, clock: Callable[[], int]) -> None:
        self._settings = settings
        self._clock = clock
        self._copies: list[Path] = []

    def copy(self) -> None:
        """Take the finished photos, as every backup does."""
        target = self._settings.data_dir / f"photos-{len(self._copies)}"
        target.mkdir()
        for path in list_kept(self._settings.blobs_dir):
            shutil.copy2(path, target)
        self._copies.append(target)

    async def restore(self, number: int, coming: Coming) -> None:
        """Put files where the register looks for them; those of which it does not know count."""
        folder = self._settings.blobs_dir
        if coming != "stayed":
            shutil.rmtree(folder, ignore_errors=True)
        if coming == "copied":
            for path in self._copies[number % len(self._copies)].iterdir():
                place(folder, path)
        now_ms = self._clock()
        there = [read_kept(self._settings.log, path, now_ms) for path in list_kept(folder)]
        # A file bears the machine's date, not that of the history.
        there = [replace(blob, begun_ms=now_ms) for blob in there]
        async with open_copy(self._settings) as engine, engine.writing() as tx:
            await adopt(tx, there)
