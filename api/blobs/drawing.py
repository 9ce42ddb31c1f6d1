"""Draws one photo anew: a program of its own, which reads stdin, writes stdout and may do no more.

A decoder is the likeliest way in, so that it runs apart, with limits on memory, time and files.
It imports nothing of the register, and the exit code says what it found.
"""

import io
import resource
import struct
import sys
from typing import IO, Final

from PIL import Image, ImageOps

NO_IMAGE: Final = 3
TOO_MANY_PIXELS: Final = 4
PIXELS_MAX: Final = 24_000_000
#: The longest side of what is kept: an officer recognises a building, and a province has thousands.
SIDE_MAX: Final = 2048
_QUALITY: Final = 82
#: Before each of several photos stands how long it is.
_SIZE_BYTES: Final = 8
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_MEMORY_BYTES: Final = 512 * 1024 * 1024
_CPU_SECONDS: Final = 20
# Soft and hard: at the soft limit of time a signal comes that nothing else sends.
_LIMITS: Final = (
    (resource.RLIMIT_AS, _MEMORY_BYTES, _MEMORY_BYTES),
    (resource.RLIMIT_CPU, _CPU_SECONDS, _CPU_SECONDS + 5),
    (resource.RLIMIT_FSIZE, 0, 0),
    (resource.RLIMIT_CORE, 0, 0),
    (resource.RLIMIT_NPROC, 0, 0),
    (resource.RLIMIT_NOFILE, 8, 8),
)
# What decoders raise for what is none of theirs, or is more than these limits.
_UNDRAWABLE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)


def main() -> int:
    """Draw what stdin holds, or try each of several with any argument; return the exit code."""
    # Its own limit warns and goes on, and tells no sizes apart.
    Image.MAX_IMAGE_PIXELS = None
    for limit, soft, hard in _LIMITS:
        resource.setrlimit(limit, (soft, hard))
    if sys.argv[1:]:
        return try_each(sys.stdin.buffer, sys.stdout.buffer)
    return redraw(sys.stdin.buffer, sys.stdout.buffer)


def redraw(source: IO[bytes], target: IO[bytes]) -> int:
    """Write what one file shows into another; return the exit code."""
    try:
        drawn = draw(source)
    except _UNDRAWABLE:
        return NO_IMAGE
    if drawn is None:
        return TOO_MANY_PIXELS
    drawn.save(target, "JPEG", quality=_QUALITY, optimize=True)
    return 0


def try_each(file: IO[bytes], told: IO[bytes]) -> int:
    """Say of each of several photos whether it shows anything: what is kept of them, not sent."""
    while size := file.read(_SIZE_BYTES):
        told.write(b"1" if _shows(file.read(int.from_bytes(size))) else b"0")
        told.flush()
    return 0


def _shows(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            if image.width * image.height > PIXELS_MAX:
                return False
            # All of it is read, and an eighth of its lines drawn.
            image.draft("RGB", (1, 1))
            image.load()
    except _UNDRAWABLE:
        return False
    return True


def draw(file: IO[bytes]) -> Image.Image | None:
    """Return pixels and nothing else, upright and on white; None when there are too many."""
    with Image.open(file, formats=_FORMATS) as image:
        if image.width * image.height > PIXELS_MAX:
            return None
        # A decoder of JPEG makes small ones of large ones as it goes; the others decode it all.
        image.draft("RGB", (SIDE_MAX, SIDE_MAX))
        layer = image.convert("RGBA" if image.has_transparency_data else "RGB")
    layer.thumbnail((SIDE_MAX, SIDE_MAX))
    upright = _turn(layer)
    # What a file says besides its pixels hangs on its image, so that these go onto another one.
    blank = Image.new("RGB", upright.size, "white")
    blank.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    return blank


def _turn(image: Image.Image) -> Image.Image:
    """Return a photo as it was held; as it lies, where what stands beside the pixels is broken."""
    try:
        return ImageOps.exif_transpose(image)
    except _UNDRAWABLE:
        return image


if __name__ == "__main__":
    sys.exit(main())
