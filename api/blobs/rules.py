"""Which part of a photo fits where, and how much of photos an account may have: pure."""

from typing import Final
from uuid import UUID

from msgspec.structs import replace

from api.access import Role
from api.blobs.records import BLOB_BYTES_MAX, Allowance, Blob, Part, Use
from api.problems import (
    BlobHashDiffers,
    BlobNoImage,
    BlobTooLarge,
    BlobTooManyPixels,
    Malformed,
    OffsetDiffers,
    Refusal,
    TooManyRequests,
)
from sync.messages import FieldError

MIB: Final = 1024 * 1024
DAY_MS: Final = 86_400_000
#: How long a photo lies here of which no more arrives, or which no premises name.
UNFINISHED_MS: Final = 7 * DAY_MS
UNNAMED_MS: Final = 30 * DAY_MS
_UNVERIFIED: Final = Allowance(16 * MIB, 20)
_PERSON: Final = Allowance(256 * MIB, 200)
_PROGRAM: Final = Allowance(2048 * MIB, 2_000)
_REFUSALS: Final[dict[str, type[Refusal]]] = {
    of.code: of for of in (BlobHashDiffers, BlobNoImage, BlobTooLarge, BlobTooManyPixels)
}


def allow(role: Role, state: str) -> Allowance:
    """Return how much of photos somebody may have here."""
    if role == "client":
        return _PROGRAM
    return _PERSON if state == "active" else _UNVERIFIED


def begin(log: str, account_id: UUID, sha256: bytes, part: Part, now_ms: int) -> Blob:
    """Return a photo of which nothing is here yet.

    Raises Malformed for a first part that does not say the length, BlobTooLarge, OffsetDiffers.
    """
    if part.length is None:
        raise Malformed(errors=(FieldError("/header/Upload-Length", "field.required"),))
    if part.offset:
        raise OffsetDiffers(0)
    return Blob(
        log=log,
        account_id=account_id,
        sha256=sha256,
        length=_check_length(part.length),
        begun_ms=now_ms,
        seen_ms=now_ms,
    )


def _check_length(length: int) -> int:
    if length > BLOB_BYTES_MAX:
        raise BlobTooLarge
    return length


def begin_anew(blob: Blob, part: Part) -> Blob:
    """Return a photo of which nothing is here, with the length that is said of it now.

    What was said before was of other bytes, if they were dropped.
    """
    if blob.received or part.length is None:
        return blob
    return replace(blob, length=_check_length(part.length))


def check_room(use: Use, allowed: Allowance, length: int) -> None:
    """Raise TooManyRequests when a photo of this length is more than the account may have."""
    if use.begun >= allowed.begun_a_day or use.bytes + length > allowed.bytes:
        raise TooManyRequests(retry_after=DAY_MS // 1000)


def check_growth(use: Use, allowed: Allowance, growth: int) -> None:
    """Raise TooManyRequests when a photo begun before grows to more than the account may have."""
    if use.bytes + growth > allowed.bytes:
        raise TooManyRequests(retry_after=DAY_MS // 1000)


def check_settled(blob: Blob) -> None:
    """Raise what was found when a photo was looked at whole, and is found every time."""
    if blob.refusal is not None:
        raise _REFUSALS[blob.refusal]


def check_part(blob: Blob, part: Part) -> None:
    """Raise OffsetDiffers for a part from elsewhere, Malformed for one that does not fit in."""
    if part.offset != blob.received:
        raise OffsetDiffers(blob.received)
    if part.length not in (None, blob.length):
        raise Malformed(errors=(FieldError("/header/Upload-Length", "field.value"),))
    if part.offset + len(part.data) > blob.length:
        raise Malformed(errors=(FieldError("/header/Upload-Length", "field.too-small"),))


def add(blob: Blob, part: Part, now_ms: int) -> Blob:
    """Return the photo with a part that is durable now."""
    return replace(blob, received=part.offset + len(part.data), seen_ms=now_ms)


def believe(blob: Blob, there: int) -> Blob:
    """Return what is really there of an unfinished photo whose file has so many bytes.

    A restored register may know of files that did not come along.
    """
    return blob if blob.received <= there else replace(blob, received=0)
