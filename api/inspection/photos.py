"""Photos that premises name and whose bytes are gone or show nothing; no proof rests on them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Final

from api.blobs.files import BlobFiles
from api.blobs.records import Shown
from api.blobs.redrawing import find_broken
from api.blobs.store import list_named
from api.database.engine import Transaction

#: As many are in memory at a time; one that was drawn anew has some hundred kilobytes.
_MANY: Final = 50


async def list_lost_photos(held: Transaction, log: str, blobs_dir: Path) -> AsyncGenerator[str]:
    """Yield a line for each, as far as the register once had it whole; text goes first."""
    try:
        named = await list_named(held, log)
    except (ValueError, TypeError, AttributeError):
        yield "photos: a row cannot be read"
        return
    files = BlobFiles(blobs_dir)
    for n in range(0, len(named), _MANY):
        for line in await _look_at(files, named[n : n + _MANY]):
            yield line


async def _look_at(files: BlobFiles, some: Sequence[Shown]) -> list[str]:
    read = [(one, await asyncio.to_thread(_read, files, one)) for one in some]
    there = [(one, data) for one, data in read if data is not None]
    broken = await find_broken([data for _, data in there])
    lost = [_tell(one, "its bytes are gone") for one, data in read if data is None]
    return [*lost, *(_tell(there[n][0], "its bytes show nothing") for n in broken)]


def _read(files: BlobFiles, one: Shown) -> bytes | None:
    try:
        return files.read(one.blob)
    except OSError:
        return None


def _tell(one: Shown, what: str) -> str:
    return f"photo {one.blob.name} of premises {one.premises_id}: {what}"
