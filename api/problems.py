"""Every way in which a request can fail, with its stable code; listed in api/README.md."""

import errno
from collections.abc import Mapping
from typing import ClassVar, Final

from api import limits
from sync.messages import FieldError

FULL_DISK: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the machine says where StorageFull is meant: a full disk, a quota, a limit on files."""


class Refusal(Exception):
    """A request that is not carried out: a stable code, and data instead of prose."""

    status: ClassVar[int] = 500
    code: str = "defect"
    title: ClassVar[str] = "The server failed"
    retryable: ClassVar[bool] = False
    #: How long to wait where whoever refuses does not know better.
    retry_seconds: ClassVar[int | None] = None

    def __init__(
        self,
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Keep where it applies; `details` never holds a value of the caller's."""
        super().__init__()
        self.errors = errors
        self.retry_after = self.retry_seconds if retry_after is None else retry_after
        self.details = dict(details or {})


class Malformed(Refusal):
    """The request is no JSON of the documented form."""

    status, code, title = 400, "request.malformed", "The request cannot be read"


class IdempotencyRequired(Refusal):
    """A plain write came without an Idempotency-Key."""

    status, code, title = 400, "idempotency.required", "Idempotency-Key must be a UUID"


class SetUpAlready(Refusal):
    """The first steps of a register are taken once."""

    status, code, title = 409, "setup.done", "This register was set up already"


class PurposeRequired(Refusal):
    """Personal values were asked for without saying what for."""

    status, code, title = 400, "purpose.required", "Say what for"


class TokenInvalid(Refusal):
    """No token, or one that is unknown, expired or revoked."""

    status, code, title = 401, "token.invalid", "Sign in again"


class AssertionInvalid(Refusal):
    """A signed assertion that does not hold: key, audience, nonce or time."""

    status, code, title = 401, "assertion.invalid", "The assertion does not hold"


class DeviceUnknown(Refusal):
    """A key that never registered here, or whose registration was lost by a restore."""

    status, code, title = 401, "device-unknown", "Register this key first"


class DeviceRevoked(Refusal):
    """A key that was revoked."""

    status, code, title = 401, "device-revoked", "This key was revoked"


class NotAllowed(Refusal):
    """The role does not include this operation."""

    status, code, title = 403, "not-allowed", "This role may not do that"


class InvitationInvalid(Refusal):
    """An invitation that is unknown, used, expired or tried too often."""

    status, code, title = 403, "invitation.invalid", "The invitation does not hold"


class NotFound(Refusal):
    """Nothing there, or outside the caller's scope: both look the same."""

    status, code, title = 404, "not-found", "Not found"


class MethodRefused(Refusal):
    """The method is not offered here; `allow` lists the methods that are."""

    status, code, title = 405, "request.method", "Method not allowed"

    def __init__(self, allow: str = "", *, details: Mapping[str, str] | None = None) -> None:
        """Keep what is offered instead."""
        super().__init__(details=details)
        self.allow = allow


class TimedOut(Refusal):
    """The request did not arrive in time: nothing of it was carried out."""

    status, code, title, retryable = 408, "request.timeout", "Too slow", True
    retry_seconds = limits.OVERLOAD_SECONDS


class IdempotencyReused(Refusal):
    """The Idempotency-Key was used for other content."""

    status, code, title = 409, "idempotency.reused", "The key was used for other content"


class OffsetDiffers(Refusal):
    """A part of a photo does not begin where the last one ended; `offset` is where to go on."""

    status, code, title = 409, "blob.offset", "Go on from another offset"

    def __init__(self, offset: int) -> None:
        """Keep how many bytes are there."""
        super().__init__(details={"offset": str(offset)})
        self.offset = offset


class CursorGone(Refusal):
    """The cursor is not of this history or of this scope: take a snapshot."""

    status, code, title = 410, "cursor-gone", "The cursor is not of this history"


class Stale(Refusal):
    """If-Match names a revision that is no longer current."""

    status, code, title = 412, "stale", "The revision is no longer current"


class TooLarge(Refusal):
    """More bytes or items than the limits of `/v1/sync/info`."""

    status, code, title = 413, "request.too-large", "Send a smaller batch"


class MediaTypeRefused(Refusal):
    """A media type other than the documented one."""

    status, code, title = 415, "request.media-type", "Media type not supported"


class LogElsewhere(Refusal):
    """The document belongs to another province, whose `base_url` stands in `details` if known."""

    status, code, title = 421, "log.elsewhere", "Another register keeps this log"


class Unprocessable(Refusal):
    """A plain write whose content is refused; the code is that of the rule."""

    status, code, title = 422, "schema", "The content is refused"

    def __init__(
        self,
        code: str,
        *,
        errors: tuple[FieldError, ...] = (),
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Take the code of the rule that refuses."""
        super().__init__(errors=errors, details=details)
        self.code = code


class BlobTooLarge(Refusal):
    """A photo of more bytes than the register takes."""

    status, code, title = 422, "blob.too-large", "The photo is too large"


class BlobNoImage(Refusal):
    """What was sent as a photo is no JPEG, PNG or WebP that can be drawn."""

    status, code, title = 422, "blob.not-an-image", "This is no photo"


class BlobTooManyPixels(Refusal):
    """A photo of more pixels than the register takes."""

    status, code, title = 422, "blob.too-many-pixels", "The photo has too many pixels"


class BlobHashDiffers(Refusal):
    """The bytes that were sent are not those that the name is the SHA-256 of."""

    status, code, title = 422, "blob.hash-differs", "The photo is not the one that was named"


class ClientTooOld(Refusal):
    """The client is older than the oldest safe one: composing is blocked, sending is not."""

    status, code, title = 426, "client-too-old", "Update the app"


class PrintingMissing(Refusal):
    """The machine cannot print: a package or font is missing, which `details` names."""

    status, code, title = 501, "printing.missing", "Printing is not installed"


class PhotosMissing(Refusal):
    """The machine cannot draw photos anew: a package is missing, which `details` names."""

    status, code, title = 501, "photos.missing", "Photos are not installed"


class TooManyRequests(Refusal):
    """A rate limit or budget is used up."""

    status, code, title, retryable = 429, "overload.requests", "Too many requests", True
    retry_seconds = limits.OVERLOAD_SECONDS


class Overloaded(Refusal):
    """No place is free, the queue full, the database locked, or the server is stopping."""

    status, code, title, retryable = 503, "overload", "Try again later", True
    retry_seconds = limits.OVERLOAD_SECONDS


class NotSetUp(Refusal):
    """Nobody answers for this register yet: it collects nothing before the set-up."""

    status, code, title = 503, "register.not-set-up", "This register does not collect yet"
    retryable, retry_seconds = True, limits.PERSON_SECONDS


class ClockInDoubt(Refusal):
    """Started with a clock too far ahead to date anything by it: nothing is collected."""

    status, code, title = 503, "register.clock-in-doubt", "This register does not know the day"
    retryable, retry_seconds = True, limits.CLOCK_SECONDS


class StorageFull(Refusal):
    """The disk is full: nothing was stored."""

    status, code, title, retryable = 507, "storage.full", "No space left", True
    retry_seconds = limits.FULL_DISK_SECONDS
