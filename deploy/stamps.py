"""Tells by content whether a step was done before, so that a second start takes a moment."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

NOT_SOURCES = frozenset({"node_modules", "dist"})


def digest(files: Iterable[Path], *facts: str, below: Path | None = None) -> str:
    """A digest of names, contents and facts: another one means that the step is due again.

    Names count from the folder `below`, if there is one.
    """
    total = hashlib.sha256()
    for fact in facts:
        total.update(f"{fact}\n".encode())
    for file in files:
        total.update(f"{file.relative_to(below) if below else file}\n".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def list_sources(folder: Path) -> Iterator[Path]:
    """Every file below a folder in a fixed order, without what tools put there themselves."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        yield from (Path(place, name) for name in sorted(files))


def is_current(stamp: Path, digest_now: str) -> bool:
    return stamp.is_file() and stamp.read_text() == digest_now


def record(stamp: Path, digest_now: str) -> None:
    """Written after the step is done, never before: a step that broke off is done again."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest_now)
