"""`sangkat clock`: says whether the register believes its clock; `--confirm` makes it."""

import argparse

from api.administration.clock import ClockState
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, REFUSED
from api.commands.reaching import call
from api.settings import Settings


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(
        commands, "clock", "show the register's time and whether it is believed (1: it is not)", run
    )
    said = "believe the machine's clock after a jump: things are deleted for their age again"
    parser.add_argument("--confirm", action="store_true", help=said)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print the time; 1 while it is not believed."""
    ask = ("POST", "/clock/confirmation") if options.confirm else ("GET", "/clock")
    state = call(settings, lambda to: to.ask(*ask, ClockState))
    doubt = f": {state.doubt}; `sangkat clock --confirm` if it is right" if state.doubt else ""
    print(f"{state.now}{doubt}")
    return REFUSED if state.doubt else DONE
