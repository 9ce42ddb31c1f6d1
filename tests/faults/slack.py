"""A register that does not wait for its disk: the defect that a loss of power must bring to light.

It serves like the real register in everything but `synchronous=NORMAL`.
"""

import sys

from api.database import files, sqlite
from tests.faults.recorded import serve_new

_NORMAL = 1


def run_slackly(arguments: list[str]) -> int:
    """Run `sangkat` on connections that sync their log only before it is copied back."""
    pragmas = (pragma.replace("= FULL", "= NORMAL") for pragma in files._PRAGMAS)
    files.__dict__.update(_PRAGMAS=tuple(pragmas))
    sqlite.__dict__.update(_FULL=_NORMAL)
    return serve_new(arguments)


if __name__ == "__main__":
    sys.exit(run_slackly(sys.argv[1:]))
