"""Sending a photo in parts, going on where it broke off (as tus 1.0 does), and showing it."""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from typing import Annotated, Any, Final

from litestar import Controller, Request, Response, get, head, patch
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, PathParameter

from api.blobs import rules, store
from api.blobs.records import BLOB_BYTES_MAX, PART_BYTES_MAX, Blob, Part, Shown
from api.blobs.redrawing import Easel
from api.blobs.uploading import Uploading
from api.database.engine import Transaction
from api.edge import PART_OF_A_PHOTO
from api.ledger.store import load_entities
from api.problems import NotFound
from api.register import Register
from api.sessions.records import Principal
from api.views.looking import note_look
from api.views.scopes import may_see, scope_of

#: Premises that show one photo, looked through at a time.
_SHOWN_MAX: Final = 50
_PHOTO: Final = "image/jpeg"
_HEADERS: Final = {
    "Content-Disposition": 'attachment; filename="photo.jpeg"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
}
Name = Annotated[
    str,
    PathParameter(
        name="sha256",
        pattern="^[0-9a-f]{64}$",
        max_length=64,
        description="The SHA-256 of the bytes that are sent, in lower-case hexadecimal",
    ),
]
Offset = Annotated[
    int,
    HeaderParameter(
        name="Upload-Offset", ge=0, le=BLOB_BYTES_MAX, description="Where the part begins"
    ),
]
Length = Annotated[
    int | None,
    HeaderParameter(
        name="Upload-Length", ge=0, description="Of the whole photo; required of the first part"
    ),
]


def provide_uploading(
    register: NamedDependency[Register],
    principal: NamedDependency[Principal],
    easel: NamedDependency[Easel],
) -> Uploading:
    """Return what takes the photos of whoever asks."""
    return Uploading(register, principal, easel)


class BlobsController(Controller):
    """Photos."""

    path = "/v1/blobs/{sha256:str}"

    @head(opt={"operation": "blobs.write"})
    async def measure(self, uploading: NamedDependency[Uploading], sha256: Name) -> Response[None]:
        """Say how much of an own photo is here, durably, and whether it was taken."""
        blob = await uploading.find(bytes.fromhex(sha256))
        if blob is None:
            raise NotFound
        rules.check_settled(blob)
        return Response(None, headers=_tell(blob))

    @patch(
        opt={
            "operation": "blobs.write",
            "takes": PART_OF_A_PHOTO,
            "body_bytes_max": PART_BYTES_MAX,
        },
        status_code=204,
    )
    async def send(
        self,
        request: Request[Any, Any, Any],
        uploading: NamedDependency[Uploading],
        sha256: Name,
        offset: Offset,
        length: Length = None,
    ) -> Response[None]:
        """Send one part; the last one is answered when the photo was drawn anew and kept.

        `Upload-Complete: ?1` says so, also to a repeat. An empty part at the end tries once more
        what was broken off.
        """
        part = Part(offset, length, await request.body())
        blob = await uploading.take(bytes.fromhex(sha256), part)
        return Response(None, headers=_tell(blob))

    @get(
        opt={"operation": "blobs.read", "answers": _PHOTO, "is_compressed": True},
        media_type=_PHOTO,
    )
    async def show(
        self,
        register: NamedDependency[Register],
        principal: NamedDependency[Principal],
        uploading: NamedDependency[Uploading],
        sha256: Name,
    ) -> Response[bytes]:
        """Return a photo as it was drawn anew: an own one, or of premises in the scope."""
        name, files = bytes.fromhex(sha256), uploading.files
        own = await uploading.find(name)
        if own is not None and own.state == "kept":
            drawn = await asyncio.to_thread(files.read, own)
            if drawn is not None:
                return _show(drawn)
        async for shown in _list_visible(register, principal, name):
            drawn = await asyncio.to_thread(files.read, shown.blob)
            if drawn is not None:
                await note_look(register, principal, "photo.read", shown.premises_id)
                return _show(drawn)
        raise NotFound


async def _list_visible(
    register: Register, principal: Principal, sha256: bytes
) -> AsyncGenerator[Shown]:
    """Yield each account's photo that premises in the scope show, until somebody has enough."""
    log = register.log
    scope = scope_of(principal, log, register.places, register.clock())

    async def look(tx: Transaction, after: Shown | None) -> tuple[Shown | None, list[Shown]]:
        page = await store.list_shown(tx, log, sha256, after, _SHOWN_MAX)
        entities = await load_entities(tx, log, [one.premises_id for one in page])
        seen = [one for one in page if await may_see(tx, log, scope, entities[one.premises_id])]
        return (page[-1] if len(page) == _SHOWN_MAX else None), seen

    after, seen = await register.engine.read(partial(look, after=None))
    while True:
        for one in seen:
            yield one
        if after is None:
            return
        after, seen = await register.engine.read(partial(look, after=after))


def _show(drawn: bytes) -> Response[bytes]:
    return Response(drawn, media_type=_PHOTO, headers=_HEADERS)


def _tell(blob: Blob) -> dict[str, str]:
    headers = {"Upload-Offset": str(blob.received), "Upload-Length": str(blob.length)}
    return {**headers, "Upload-Complete": "?1"} if blob.state == "kept" else headers
