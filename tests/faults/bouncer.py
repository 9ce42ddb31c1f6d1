"""A pgbouncer in front of a cluster: each transaction may go to another of its connections."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import chown
from tempfile import TemporaryDirectory
from typing import Final

from tests.postgres import USER
from tests.processes import find_free_port

_CONFIG: Final = """
[databases]
* = host=127.0.0.1 port={server} user={user}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
server_round_robin = 1
logfile = {folder}/log
"""


@contextmanager
def bouncing(dsn: str) -> Generator[str]:
    """Give the address of a cluster behind a pgbouncer, which runs until the block ends."""
    port = find_free_port()
    server = dsn.rpartition(":")[2].partition("/")[0]
    with TemporaryDirectory(prefix="pgb", dir="/tmp") as folder:
        config = Path(folder) / "pgbouncer.ini"
        config.write_text(_CONFIG.format(server=server, user=USER, port=port, folder=folder))
        user = USER if os.geteuid() == 0 else None
        if user:
            chown(folder, user)
        command = ["/usr/sbin/pgbouncer", "-q", str(config)]
        process = subprocess.Popen(
            command, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield f"postgresql://{USER}@127.0.0.1:{port}"
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            process.wait()
