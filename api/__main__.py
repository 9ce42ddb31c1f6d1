"""The command `sangkat`: reads flags and environment, hands over to one subcommand."""

import argparse
import os
import sys

from api.commands import (
    account,
    backup,
    demo,
    exporting,
    importing,
    migrate,
    openapi,
    order,
    restore,
    serve,
    setup,
    verify,
)
from api.commands.journal import keep_journal
from api.commands.options import read_settings
from api.commands.outcomes import REFUSED, Stopped
from api.database.engine import AlreadyServed

# The data hold passports and keys: what is written is for the operator's own user.
_OWN_EYES = 0o077
_COMMANDS = (
    serve,
    migrate,
    setup,
    demo,
    account,
    order,
    importing,
    exporting,
    verify,
    backup,
    restore,
    openapi,
)


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit code of wire.md."""
    os.umask(_OWN_EYES)
    keep_journal()
    parser = argparse.ArgumentParser(prog="sangkat", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        return _run(options)
    except Stopped as stop:
        print(stop, file=sys.stderr)
        return stop.exit_code


def _run(options: argparse.Namespace) -> int:
    settings = read_settings(os.environ, options)
    try:
        exit_code: int = options.run(options, settings)
    except AlreadyServed as error:
        why = f"{settings.data_dir} is served by another process already"
        raise Stopped(why, REFUSED) from error
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
