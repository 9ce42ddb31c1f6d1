"""A register that takes its time over signatures, so that a test finds it in the middle of that."""

import time
from typing import Any

from api.__main__ import main
from api.intake_routes import push

CHECK_SECONDS = 1.0
_check_all = push._check_all


def _check_slowly(*given: Any) -> Any:
    time.sleep(CHECK_SECONDS)
    return _check_all(*given)


def run_slowly(arguments: list[str]) -> int:
    """Run `sangkat` with such threads."""
    push._check_all = _check_slowly
    return main(arguments)
