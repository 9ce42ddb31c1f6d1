"""A register whose machine's clock a test sets, while the time that passes stays what it is."""

import os
import sys
from pathlib import Path

_LIBRARY = "/usr/$LIB/faketime/libfaketimeMT.so.1"


class MachineClock:
    """What the machine's clock is off by, in a file that the register's calls look into."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.put_off(0)

    def put_off(self, seconds: int) -> None:
        """Set the clock this far from the right time, in one step."""
        written = self._path.with_suffix(".new")
        written.write_text(f"{seconds:+d}\n")
        written.replace(self._path)

    def run(self, arguments: list[str]) -> int:
        """Become `sangkat` under libfaketime, which has to be there before a program starts."""
        os.environ.update(
            LD_PRELOAD=_LIBRARY,
            FAKETIME_TIMESTAMP_FILE=str(self._path),
            FAKETIME_NO_CACHE="1",
            FAKETIME_DONT_FAKE_MONOTONIC="1",
            # Its remedy for older C libraries makes a thread wait for another a tenth of a second.
            FAKETIME_FORCE_MONOTONIC_FIX="0",
        )
        os.execv(sys.executable, [sys.executable, "-m", "api", *arguments])
