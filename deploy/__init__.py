"""Setting up and starting the register; apart because it runs before anything is installed.

Nothing here imports more than the standard library. The version is looked at in this file because
an older Python would already stumble over the next one.
"""

import sys

OLDEST_PYTHON = (3, 11)

if sys.version_info < OLDEST_PYTHON:
    sys.exit(
        "The register needs Python 3.11 or newer; this is "
        + sys.version.split()[0]
        + ". On Debian 12: apt-get install python3 python3-venv"
    )
