"""The command `sangkat`: reads flags and environment, hands over to one subcommand."""

import argparse
import gc
import logging
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Final

from api.commands.journal import keep_journal
from api.commands.options import read_settings
from api.commands.outcomes import INTERRUPTED, Failure, Stopped, describe_failure, find_cause
from api.database.engine import AlreadyServed
from api.settings import DataMoved, DataTorn

# The data hold passports and keys: what is written is for the operator's own user.
_OWN_EYES = 0o077
logger = logging.getLogger("sangkat")
#: Which module has which subcommand, in the order in which help names them.
COMMANDS: Final = {
    "serve": "api.commands.serve",
    "upgrade": "api.commands.upgrade",
    "migrate": "api.commands.migrate",
    "setup": "api.commands.setup",
    "demo": "api.commands.demo",
    "account": "api.commands.account",
    "order": "api.commands.order",
    "pledge": "api.commands.pledge",
    "import": "api.commands.importing",
    "export": "api.commands.exporting",
    "verify": "api.commands.verify",
    "backup": "api.commands.backup",
    "clock": "api.commands.clock",
    "restore": "api.commands.restore",
    "move": "api.commands.moving",
    "openapi": "api.commands.openapi",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit code of wire.md."""
    os.umask(_OWN_EYES)
    keep_journal()
    words = sys.argv[1:] if arguments is None else arguments
    asked = words[0] if words else ""
    try:
        return _run(make_parser([asked] if asked in COMMANDS else COMMANDS).parse_args(words))
    except Stopped as stop:
        return _say(stop)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        cause = find_cause(error)
        if not isinstance(cause, Failure):
            logger.exception("defect")
            return _say(Stopped("the command failed; the line above says where"))
        return _say(describe_failure(cause))


def make_parser(names: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return what reads a command line with one of these subcommands.

    Only their modules are loaded: a server is ready sooner without what the others need.
    """
    parser = argparse.ArgumentParser(prog="sangkat", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in names:
        _load(COMMANDS[name]).add_to(commands)
    return parser


def _load(module: str) -> ModuleType:
    """Load a module with all that it needs, without looking for garbage: code becomes none."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.enable()
        gc.freeze()


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
