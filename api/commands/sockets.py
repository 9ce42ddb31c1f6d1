"""Where the operator's socket stands; apart because server and commands have to agree on it."""

import os
from pathlib import Path
from typing import Final

from api.settings import Settings

_NAME: Final = "admin.sock"
#: Bytes of a socket's path that every system takes; Linux ends at 108, others at 104.
_PATH_MAX: Final = 100


def socket_path(settings: Settings) -> Path:
    """Return the socket's path, written shorter where the whole one is too long for a socket.

    The folder has to exist. The shortest way to it is an open file of this process, as Linux
    shows it; it stays open as long as the process runs.
    """
    folder = settings.data_dir.absolute()
    for way in (folder, Path(os.path.relpath(folder))):
        if len(os.fsencode(way / _NAME)) < _PATH_MAX:
            return way / _NAME
    return Path("/proc/self/fd", str(os.open(folder, os.O_RDONLY | os.O_DIRECTORY)), _NAME)
