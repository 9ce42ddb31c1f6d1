"""A register from its first start on, with strace writing down what it asks of disk and network."""

import asyncio
import os
import sys
from pathlib import Path

from api.__main__ import main
from tests.faults.process import ServerProcess, set_up

#: What changes files or their names, what waits for the disk, and what leaves for the phones.
CALLS = (
    "openat,creat,mkdir,mkdirat,rmdir,rename,renameat,renameat2,link,linkat,unlink,unlinkat,"
    "write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,copy_file_range,"
    "mmap,msync,fsync,fdatasync,sync,syncfs,sync_file_range,sendto,sendmsg,sendfile"
)
_LONGEST_BYTES = 1 << 20


class RecordedProcess(ServerProcess):
    """A register that founds itself while it is watched, so that its first files are recorded."""

    async def found(self) -> None:
        """Leave it to the process."""


def run_recorded(trace: Path, module: str, arguments: list[str]) -> int:
    """Become a module under strace: with `-D` the number of the process stays the register's."""
    watch = ["strace", "-D", "-f", "--seccomp-bpf", "-yy", "-xx", "-s", str(_LONGEST_BYTES)]
    chosen = ["-e", f"trace={CALLS}", "-e", "signal=none", "-o", str(trace)]
    os.execvp("strace", [*watch, *chosen, sys.executable, "-m", module, *arguments])


def serve_new(arguments: list[str]) -> int:
    """Set a register up and serve it."""
    asyncio.run(set_up(Path(arguments[arguments.index("--data") + 1])))
    return main(arguments)


if __name__ == "__main__":
    sys.exit(serve_new(sys.argv[1:]))
