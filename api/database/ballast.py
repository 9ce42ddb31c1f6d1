"""A reserve of disk space, given up when the disk is full so that who looks can still be put down.

Without it a full disk would stop reading as well: nothing is shown before its row is durable.
"""

import logging
import os
import threading
from pathlib import Path
from typing import Final

from api.problems import FULL_DISK

#: Room for some ten thousand rows of the audit log, and for the write-ahead log until it restarts.
BALLAST_BYTES: Final = 16 * 1024 * 1024
#: What has to be free besides, or the reserve would come and go with every push.
_SPARE_BYTES: Final = BALLAST_BYTES // 4
_BLOCK_BYTES: Final = 512
_PRIVATE: Final = 0o600
logger: Final = logging.getLogger("sangkat")


class Ballast:
    """A file that holds nothing but its space; made and given up from any thread."""

    def __init__(self, path: Path) -> None:
        """Hold nothing yet."""
        self._path = path
        self._turn = threading.Lock()
        self._is_held = False

    @property
    def is_held(self) -> bool:
        """Whether the space is there to be given up."""
        return self._is_held

    def make(self) -> bool:
        """Allocate what is missing of it; return whether it is held, which needs room to spare."""
        with self._turn:
            was_held, self._is_held = self._is_held, self._allocate()
            if self._is_held and not was_held:
                logger.info("storage: the reserve is held")
            return self._is_held

    def give_up(self) -> None:
        """Free the space."""
        with self._turn:
            if self._is_held:
                logger.warning("storage: full; the reserve is given up, nothing is collected")
            self._is_held = False
            self._path.unlink(missing_ok=True)

    def _allocate(self) -> bool:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, _PRIVATE)
        try:
            missing = BALLAST_BYTES - os.fstat(descriptor).st_blocks * _BLOCK_BYTES
            if missing <= 0:
                return True
            if _count_free(descriptor) >= missing + _SPARE_BYTES:
                os.posix_fallocate(descriptor, 0, BALLAST_BYTES)
                return True
        except OSError as error:
            if error.errno not in FULL_DISK:
                raise
        finally:
            os.close(descriptor)
        # A part of it would only be in the way of what is still to be written.
        self._path.unlink(missing_ok=True)
        return False


def _count_free(descriptor: int) -> int:
    """Return how many bytes this user may still write on the file system."""
    system = os.fstatvfs(descriptor)
    return system.f_bavail * system.f_frsize
