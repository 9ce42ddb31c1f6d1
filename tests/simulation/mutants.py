"""The same program with one rule missing: each must make some history go wrong."""

from typing import Final

from tests.simulation.custody_mutants import CUSTODY
from tests.simulation.device_mutants import DEVICE
from tests.simulation.log_mutants import LOG

MUTANTS: Final = (*DEVICE, *CUSTODY, *LOG)
