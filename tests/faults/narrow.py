"""A register with few places and low rates, so that a handful of phones is a rush to it."""

from functools import partial

from api import app
from api.__main__ import main
from api.admission.rates import Rates
from api.admission.rules import Work
from api.admission.turns import Turns
from api.limits import Rate

_PLACES: dict[Work, int] = {"writing": 1, "reading": 1, "entering": 2}
# Fewer requests than a phone needs, and soon again.
_RATE = Rate("account", 4, 5_000, lease=1, uncounted=1)


def run_narrowly(arguments: list[str]) -> int:
    """Run `sangkat` with these limits."""
    app.Turns = partial(Turns, _PLACES)
    app.Rates = partial(Rates, of_account=_RATE)
    return main(arguments)
