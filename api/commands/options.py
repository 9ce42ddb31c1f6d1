"""Flags that several commands share, and the settings that follow from them and the environment."""

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from msgspec.structs import replace

import api
from api.commands.outcomes import WRONG_USE, Stopped
from api.settings import Settings

Run = Callable[[argparse.Namespace, Settings], int]


class Commands(Protocol):
    """What a command adds itself to: the subparsers of argparse, whose class is private."""

    def add_parser(self, name: str, **_options: Any) -> argparse.ArgumentParser:
        """Return a parser for one subcommand."""
        ...


def add_command(commands: Commands, name: str, said: str, run: Run) -> argparse.ArgumentParser:
    """Add a subcommand that works on a register's data."""
    parser = commands.add_parser(name, help=said, description=said, allow_abbrev=False)
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="folder of the register's data (SANGKAT_DATA, else var)",
    )
    parser.set_defaults(run=run)
    return parser


def read_number(numbers: range, text: str) -> int:
    """Return one of these numbers; anything else is wrong use."""
    try:
        number = int(text)
    except ValueError:
        number = numbers.stop
    if number not in numbers:
        raise argparse.ArgumentTypeError(f"not from {numbers.start} to {numbers.stop - 1}: {text}")
    return number


def read_date(text: str) -> str:
    """Return a day as it is written, 2022-09-24; anything else is wrong use."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"no day of the calendar: {text}") from error


def add_groups(commands: Commands, name: str, said: str) -> Commands:
    """Add a subcommand that has subcommands itself."""
    parser = commands.add_parser(name, help=said, description=said, allow_abbrev=False)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def read_settings(environ: Mapping[str, str], options: argparse.Namespace) -> Settings:
    """Return the settings of the environment with the flag `--data` over them, or raise Stopped."""
    try:
        settings = Settings.from_environ(environ)
    except ValueError as error:
        raise Stopped(str(error), WRONG_USE) from error
    built = Path(api.__file__).parent.parent / "pwa" / "dist"
    return replace(
        settings,
        data_dir=options.data or settings.data_dir,
        pwa_dir=built if built.is_dir() else None,
    )
