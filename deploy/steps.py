"""One step of the set-up: told on one line, timed, and stopped with advice when it fails."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

EXIT_FAILED = 1
EXIT_TRY_AGAIN = 75
TAIL_LINES = 100


class Stopped(Exception):
    """The set-up cannot go on; `advice` says what to do, `exit_code` whether trying again helps."""

    def __init__(self, advice: str, *, exit_code: int = EXIT_FAILED) -> None:
        super().__init__(advice)
        self.advice = advice
        self.exit_code = exit_code


def environment_for_tools(*folders: Path) -> dict[str, str]:
    """The machine's variables, with `folders` first in the search path.

    pip and npm read certificates from variables of their own; where those are not set, the one
    that the machine gives to everybody stands in.
    """
    environment = dict(os.environ)
    bundle = environment.get("SSL_CERT_FILE")
    if bundle:
        environment.setdefault("PIP_CERT", bundle)
        environment.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    path = [*map(str, folders), environment.get("PATH", os.defpath)]
    return environment | {"PATH": os.pathsep.join(path)}


def run_step(
    said: str,
    command: Sequence[str | Path],
    *,
    advice: str,
    exit_code: int = EXIT_FAILED,
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
) -> None:
    """Run one command; its output is shown only when it fails, and then `advice` goes with it."""
    started = time.monotonic()
    print(f"{said} …", end=" ", flush=True)
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment or environment_for_tools(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode == 0:
        print(f"{time.monotonic() - started:.0f} s", flush=True)
        return
    print("failed", flush=True)
    output = done.stdout.decode(errors="replace").splitlines()
    sys.stderr.write("\n".join(output[-TAIL_LINES:]) + "\n")
    raise Stopped(advice, exit_code=exit_code)
