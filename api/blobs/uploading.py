"""Takes one part of a photo, and has the photo drawn anew when the last one is there.

Nothing is acknowledged before file and row are durable: the file has it, the row says how far.
"""

import asyncio

from msgspec.structs import replace

from api.blobs import rules, store
from api.blobs.files import BlobFiles, Unfinished
from api.blobs.records import Blob, Part
from api.blobs.redrawing import Easel, check_installed
from api.database.engine import Transaction
from api.problems import BlobHashDiffers, BlobNoImage, BlobTooManyPixels, OffsetDiffers, StorageFull
from api.register import Register
from api.sessions.records import Principal

_COLLECTED = ("premises",)


class Uploading:
    """The photos that an account sends."""

    def __init__(self, register: Register, principal: Principal, easel: Easel) -> None:
        """Take what this register may collect."""
        self._register = register
        self._principal = principal
        self._easel = easel
        self.files = BlobFiles(register.settings.blobs_dir)

    async def find(self, sha256: bytes) -> Blob | None:
        """Return a photo as far as this account sent it and it is really there."""
        log, account_id = self._register.log, self._principal.account_id

        async def work(tx: Transaction) -> Blob | None:
            return await store.find_blob(tx, log, account_id, sha256)

        blob = await self._register.engine.read(work)
        return None if blob is None else await asyncio.to_thread(self._believe, blob)

    def _believe(self, blob: Blob) -> Blob:
        if blob.state == "begun":
            return rules.believe(blob, self.files.measure(blob))
        if blob.state == "kept" and not self.files.has(blob):
            return replace(blob, state="begun", received=0)
        return blob

    async def take(self, sha256: bytes, part: Part) -> Blob:
        """Return the photo with one more part; what is finished stays as it is.

        Raises what became of it for good, OffsetDiffers, TooManyRequests, StorageFull, Overloaded.
        """
        blob = await self.find(sha256)
        if blob is not None and _is_settled(blob):
            return blob
        await self._check_open()
        blob = blob or await self._begin(sha256, part)
        with await asyncio.to_thread(self.files.take, blob) as held:
            return await self._add(held, sha256, part)

    async def _check_open(self) -> None:
        """Raise what keeps this register from taking photos now."""
        register = self._register
        check_installed()
        register.committer.gate.check(_COLLECTED)
        if not await register.engine.has_room():
            raise StorageFull(retry_after=600)
        await asyncio.to_thread(self.files.check_room)

    async def _begin(self, sha256: bytes, part: Part) -> Blob:
        register, principal = self._register, self._principal
        now_ms = register.clock()
        blob = rules.begin(register.log, principal.account_id, sha256, part, now_ms)
        allowed = rules.allow(principal.role, principal.state)

        async def work(tx: Transaction) -> None:
            since_ms = now_ms - rules.DAY_MS
            use = await store.read_use(tx, blob.log, blob.account_id, since_ms)
            rules.check_room(use, allowed, blob.length)
            await store.record_blob(tx, blob)

        await register.engine.write(work)
        return blob

    async def _add(self, held: Unfinished, sha256: bytes, part: Part) -> Blob:
        """Add a part to what is held, which nobody else changes meanwhile."""
        blob = await self.find(sha256)
        if blob is None:
            raise OffsetDiffers(0)
        if _is_settled(blob):
            held.drop()
            return blob
        blob = await self._begin_anew(blob, part)
        rules.check_part(blob, part)
        await asyncio.to_thread(held.put, part.offset, part.data)
        blob = await self._record(rules.add(blob, part, self._register.clock()))
        return await self._finish(held, blob) if blob.received == blob.length else blob

    async def _begin_anew(self, blob: Blob, part: Part) -> Blob:
        """Return the photo with the length that is said of it now, within what one may have."""
        anew = rules.begin_anew(blob, part)
        if anew.length <= blob.length:
            return anew
        allowed = rules.allow(self._principal.role, self._principal.state)

        async def work(tx: Transaction) -> None:
            use = await store.read_use(tx, blob.log, blob.account_id, blob.begun_ms)
            rules.check_growth(use, allowed, anew.length - blob.length)
            await store.record_blob(tx, anew)

        await self._register.engine.write(work)
        return anew

    async def _finish(self, held: Unfinished, blob: Blob) -> Blob:
        """Keep what a whole photo shows, or put down what it is instead; its own bytes go."""
        if await asyncio.to_thread(held.hash) != blob.sha256:
            await self._record(replace(blob, received=0))
            held.drop()
            raise BlobHashDiffers
        try:
            drawn = await self._easel.draw(held.path)
        except (BlobNoImage, BlobTooManyPixels) as refusal:
            await self._record(replace(blob, state="refused", refusal=refusal.code))
            held.drop()
            raise
        await asyncio.to_thread(self.files.keep, blob, drawn)
        blob = await self._record(replace(blob, state="kept", kept_bytes=len(drawn)))
        held.drop()
        return blob

    async def _record(self, blob: Blob) -> Blob:
        async def work(tx: Transaction) -> None:
            await store.record_blob(tx, blob)

        await self._register.engine.write(work)
        return blob


def _is_settled(blob: Blob) -> bool:
    """Say whether nothing more is wanted of it; raises what was found wrong with it."""
    rules.check_settled(blob)
    return blob.state == "kept"
