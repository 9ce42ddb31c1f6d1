"""Reads a body within limits and looks whether it is sound; apart from whom it may come from.

What takes long runs in few threads beside the loop: however many large bodies come, only they wait.
"""

import asyncio
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from litestar.types import Receive

from api.limits import BESIDE_THREADS
from api.problems import Malformed, MediaTypeRefused, TooLarge
from sync.document import Refused, check_json

T = TypeVar("T")
#: What is read on the loop itself: a few milliseconds at most.
INLINE_BYTES_MAX: Final = 16 * 1024
#: Declarations shrink to a tenth; what shrinks to a hundredth was made to fill memory.
INFLATION_MAX: Final = 100
_SMALL_BYTES: Final = 4 * 1024
_DEPTH_MAX: Final = 32
_GZIP: Final = 16 + zlib.MAX_WBITS
#: What is inflated on the loop itself: a push of a document or two.
_PACKED_BYTES_MAX: Final = 4 * 1024
_beside: Final = ThreadPoolExecutor(BESIDE_THREADS, "unpacking")


async def inflate(body: bytes, encoding: bytes, bytes_max: int) -> bytes:
    """Return a body inflated; raises TooLarge as soon as it is."""
    if not encoding or encoding == b"identity":
        return body
    if encoding != b"gzip":
        raise MediaTypeRefused
    size_max = min(bytes_max, max(_SMALL_BYTES, INFLATION_MAX * len(body)))
    if len(body) <= _PACKED_BYTES_MAX:
        return _inflate(body, size_max)
    return await go_beside(partial(_inflate, body, size_max))


async def check_sound(body: bytes, *, is_json: bool) -> None:
    """Raise Malformed for what two parsers could read differently."""
    await run_beside(len(body), lambda: _check(body, is_json=is_json))


async def run_beside(size: int, work: Callable[[], T]) -> T:
    """Return what `work` on so many bytes returns: done here if they are few, else in a thread."""
    if size <= INLINE_BYTES_MAX:
        return work()
    return await go_beside(work)


async def go_beside(work: Callable[[], T]) -> T:
    """Return what `work` returns in one of few threads, whose queue admission bounds."""
    return await asyncio.get_running_loop().run_in_executor(_beside, work)


async def read_body(receive: Receive, bytes_max: int, hold: Callable[[int], None]) -> bytes:
    """Return a whole body as it came; raises TooLarge, or what `hold` raises, as soon as it is.

    `hold` is told of the bytes of each part as it arrives.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Malformed
        hold(len(message["body"]))
        parts.append(message["body"])
        size += len(message["body"])
        if size > bytes_max:
            raise TooLarge
        if not message["more_body"]:
            return b"".join(parts)


def _inflate(body: bytes, bytes_max: int) -> bytes:
    """Return what was compressed, in one member and nothing after it."""
    inflating = zlib.decompressobj(_GZIP)
    try:
        inflated = inflating.decompress(body, bytes_max + 1)
    except zlib.error as error:
        raise Malformed from error
    if len(inflated) > bytes_max:
        raise TooLarge
    if not inflating.eof or inflating.unused_data:
        raise Malformed
    return inflated


def _check(body: bytes, *, is_json: bool) -> None:
    try:
        text = body.decode()
        if body and is_json:
            check_json(text, _DEPTH_MAX)
    except (UnicodeDecodeError, Refused) as error:
        raise Malformed from error
