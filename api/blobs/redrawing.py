"""Has photos drawn anew, one at a time, each in a process that is ended when it hangs."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from api.problems import BlobNoImage, BlobTooManyPixels, Overloaded, PhotosMissing

_PROGRAM: Final = Path(__file__).with_name("drawing.py")
#: The exit codes of the program beside this one, which imports what the core may lack.
_NO_IMAGE: Final = 3
_TOO_MANY_PIXELS: Final = 4
#: What it says of each of several photos that show something; before each stands its size.
_SHOWS: Final = ord("1")
_SIZE_BYTES: Final = 8
_SECONDS_MAX: Final = 60
_WAITING_MAX: Final = 16
#: What ends it is in the photo; anything else, as a machine without memory, may pass.
_OF_THE_PHOTO: Final = (signal.SIGXCPU, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT)


def check_installed() -> None:
    """Raise PhotosMissing where nothing can be drawn."""
    if find_spec("PIL") is None:
        raise PhotosMissing(details={"missing": "pillow"})


class Easel:
    """Where photos are drawn anew; however many come, only they wait."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._turn = asyncio.Semaphore()
        self._waiting = 0

    async def draw(self, photo: Path) -> bytes:
        """Return what a file shows as a new JPEG.

        Raises BlobNoImage and BlobTooManyPixels, which are final, and Overloaded.
        """
        if self._waiting >= _WAITING_MAX:
            raise Overloaded(retry_after=10)
        self._waiting += 1
        try:
            async with self._turn:
                return _tell(*await _run(photo))
        finally:
            self._waiting -= 1


async def find_broken(photos: Sequence[bytes]) -> list[int]:
    """Return the places of those that show nothing; none where nothing can be drawn."""
    broken: list[int] = []
    begun = 0
    while begun < len(photos) and find_spec("PIL") is not None:
        told = await _try_each(photos[begun:])
        broken += [begun + n for n, said in enumerate(told) if said != _SHOWS]
        begun += len(told)
        if begun < len(photos):  # whatever it was, it was more than the program could take
            broken.append(begun)
            begun += 1
    return broken


async def _try_each(photos: Sequence[bytes]) -> bytes:
    """Return a byte for each, up to the one that ended the program; its limit of time always does.

    They may not be ours any more, for somebody had them in his hands.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-B", str(_PROGRAM), "try"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    sent = b"".join(len(photo).to_bytes(_SIZE_BYTES) + photo for photo in photos)
    told, _ = await process.communicate(sent)
    return told


async def _run(photo: Path) -> tuple[int, bytes]:
    """Return how the program ended, and what it wrote."""
    # Opened anew: with the server's own file the program would inherit its lock.
    with photo.open("rb") as file:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-B", str(_PROGRAM)),
            stdin=file,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
        )
    try:
        async with asyncio.timeout(_SECONDS_MAX):
            drawn, _ = await process.communicate()
    except TimeoutError as error:
        raise Overloaded(retry_after=60) from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, drawn


def _tell(code: int, drawn: bytes) -> bytes:
    if code == 0:
        return drawn
    if code == _TOO_MANY_PIXELS:
        raise BlobTooManyPixels
    if code == _NO_IMAGE or -code in _OF_THE_PHOTO:
        raise BlobNoImage
    if code == -signal.SIGKILL:
        raise Overloaded(retry_after=60)
    message = f"drawing ended with {code}"
    raise RuntimeError(message)
