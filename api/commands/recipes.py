"""Which demonstration a command line asks for: flags that `demo` and `serve --demo` have alike."""

import argparse
from contextlib import suppress
from datetime import date
from typing import Final

from msgspec import Struct

from api.setup.records import Size

SIZES: Final = ("tiny", "commune", "province")
SEED: Final = 2022
_YEARS: Final = range(2000, 2100)


class Wanted(Struct, frozen=True):
    """The demonstration that was asked for; None where any will do."""

    size: Size
    seed: int | None
    today: date | None


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Describe what a demonstration depends on besides its size."""
    parser.add_argument(
        "--today",
        type=read_day,
        metavar="DATE",
        help="the day that the demonstration takes for today, 2026-03-02 (today)",
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help=f"another number invents other people ({SEED})"
    )


def read_day(text: str) -> date:
    """Return a day that the register can show."""
    with suppress(ValueError):
        day = date.fromisoformat(text)
        if day.year in _YEARS:
            return day
    said = f"{text!r} is no day from {_YEARS[0]} to {_YEARS[-1]}, as 2026-03-02"
    raise argparse.ArgumentTypeError(said)
