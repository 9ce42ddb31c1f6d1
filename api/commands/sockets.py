"""Where the operator's socket stands; apart because server and commands have to agree on it."""

import os
from pathlib import Path
from typing import Final

from api.settings import Settings

_PATH_MAX: Final = 100


def socket_path(settings: Settings) -> Path:
    """Return the socket's path, written relative when the whole one is too long for a socket."""
    path = settings.data_dir.absolute() / "admin.sock"
    return path if len(str(path)) < _PATH_MAX else Path(os.path.relpath(path))
