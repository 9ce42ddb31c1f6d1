"""The command `sangkat`: reads flags and environment, hands over to one subcommand."""

import argparse
import logging
import os
import sys

from api.commands import (
    account,
    backup,
    clock,
    demo,
    exporting,
    importing,
    migrate,
    moving,
    openapi,
    order,
    pledge,
    restore,
    serve,
    setup,
    upgrade,
    verify,
)
from api.commands.journal import keep_journal
from api.commands.options import read_settings
from api.commands.outcomes import Failure, Stopped, describe_failure, find_cause
from api.database.engine import AlreadyServed
from api.settings import DataMoved, DataTorn

# The data hold passports and keys: what is written is for the operator's own user.
_OWN_EYES = 0o077
logger = logging.getLogger("sangkat")
_COMMANDS = (
    serve,
    upgrade,
    migrate,
    setup,
    demo,
    account,
    order,
    pledge,
    importing,
    exporting,
    verify,
    backup,
    clock,
    restore,
    moving,
    openapi,
)


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit code of wire.md."""
    os.umask(_OWN_EYES)
    keep_journal()
    options = make_parser().parse_args(arguments)
    try:
        return _run(options)
    except Stopped as stop:
        return _say(stop)
    except Exception as error:
        cause = find_cause(error)
        if not isinstance(cause, Failure):
            logger.exception("defect")
            return _say(Stopped("the command failed; the line above says where"))
        return _say(describe_failure(cause))


def make_parser() -> argparse.ArgumentParser:
    """Return what reads a command line."""
    parser = argparse.ArgumentParser(prog="sangkat", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_to(commands)
    return parser


def _run(options: argparse.Namespace) -> int:
    settings = read_settings(os.environ, options)
    try:
        exit_code: int = options.run(options, settings)
    except AlreadyServed as error:
        why = f"{settings.data_dir} is served by another process already"
        raise Stopped(why) from error
    except DataMoved as error:
        raise Stopped(str(error)) from error
    except DataTorn as error:
        raise Stopped(f"{error}; `sangkat restore` puts a backup there") from error
    return exit_code


def _say(stop: Stopped) -> int:
    """Print one line, whatever was quoted in it."""
    print(" ".join(str(stop).split()), file=sys.stderr)
    return stop.exit_code


if __name__ == "__main__":
    sys.exit(main())
