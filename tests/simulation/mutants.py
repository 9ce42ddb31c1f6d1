"""The same program with one rule missing: each must make some history go wrong."""

from typing import Final

from tests.simulation.custody_mutants import CUSTODY
from tests.simulation.device_mutants import DEVICE
from tests.simulation.log_mutants import LOG
from tests.simulation.photo_mutants import PHOTOS

MUTANTS: Final = (*DEVICE, *CUSTODY, *LOG, *PHOTOS)
