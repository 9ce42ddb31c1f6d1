"""What becomes of photos with time: what nobody goes on with, or names, is deleted."""

import asyncio
from typing import Final

from api.blobs import store
from api.blobs.files import BlobFiles
from api.blobs.records import Blob
from api.blobs.rules import DAY_MS, UNFINISHED_MS, UNNAMED_MS
from api.database.engine import Transaction
from api.problems import Overloaded
from api.register import Register

_MANY: Final = 500


async def expire(register: Register, now_ms: int) -> int:
    """Delete what is too old; return how many photos."""
    log, files = register.log, BlobFiles(register.settings.blobs_dir)

    async def find(tx: Transaction) -> list[Blob]:
        await store.note_named(tx, log, now_ms, now_ms - DAY_MS)
        return await store.list_old(tx, log, now_ms - UNFINISHED_MS, now_ms - UNNAMED_MS, _MANY)

    old = await register.engine.write(find)
    return sum([await _delete(register, files, blob) for blob in old])


async def _delete(register: Register, files: BlobFiles, blob: Blob) -> bool:
    """Delete a photo and say so, unless somebody just goes on with it."""

    async def forget(tx: Transaction) -> bool:
        return await store.forget(tx, blob)

    try:
        with await asyncio.to_thread(files.take, blob):
            is_old = await register.engine.write(forget)
            if is_old:
                await asyncio.to_thread(files.delete, blob)
            return is_old
    except Overloaded:
        return False


async def sweep(register: Register) -> int:
    """Delete files that a killed process left; return how many.

    Files are listed before rows: a row is written before its file, and goes before it.
    """
    log, files = register.log, BlobFiles(register.settings.blobs_dir)
    there = await asyncio.to_thread(files.list_all)
    if not there:
        return 0
    known = await register.engine.read(lambda tx: store.list_blobs(tx, log))
    places = {path for blob in known for path in files.list_places(blob)}
    strange = [path for path in there if path not in places]
    for path in strange:
        await asyncio.to_thread(path.unlink, missing_ok=True)
    return len(strange)
