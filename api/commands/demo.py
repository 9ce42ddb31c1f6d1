"""`sangkat demo` and `serve --demo`: a register of synthetic people, made whole or not at all."""

import argparse
import asyncio
import shutil
import sys
import time
from datetime import date
from typing import Final

from msgspec.structs import replace

from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, Stopped
from api.database.lock import locked
from api.demonstration.calendar import day_in_cambodia
from api.demonstration.handing_out import access_path, write_hand_out
from api.demonstration.loading import Recipe, load
from api.ledger.committer import now_ms
from api.settings import Settings
from api.setup.records import Size

SIZES: Final = ("tiny", "commune", "province")
_SEED: Final = 2022
_BAR: Final = 30
_YEARS: Final = range(2000, 2100)
# About how many documents a size pushes; only the progress bar rests on it.
_DOCUMENTS: Final = {"tiny": 100, "commune": 4_500, "province": 55_000}


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(commands, "demo", "make a register of synthetic people (TEST DATA)", run)
    parser.add_argument("size", choices=SIZES)
    add_recipe(parser)


def add_recipe(parser: argparse.ArgumentParser) -> None:
    """Describe what a demonstration depends on besides its size."""
    parser.add_argument("--today", type=read_day, metavar="DATE", help="the demo's day")
    parser.add_argument("--seed", type=int, default=_SEED, metavar="N", help="other people")


def read_day(text: str) -> date:
    """Return a day that the register can show; raises ValueError."""
    day = date.fromisoformat(text)
    if day.year not in _YEARS:
        raise ValueError(text)
    return day


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Make it unless it is there."""
    settings = replace(settings, base_url=settings.base_url or Settings().base_url)
    asyncio.run(prepare(settings, read_recipe(options, options.size)))
    print(f"TEST DATA in {settings.data_dir}; codes and tokens: {access_path(settings.data_dir)}")
    return DONE


def read_recipe(options: argparse.Namespace, size: Size) -> Recipe:
    """Return what the flags ask for; without a day it is today in Cambodia."""
    return Recipe(size, options.seed, options.today or day_in_cambodia(now_ms()))


async def prepare(settings: Settings, recipe: Recipe) -> None:
    """Make the demonstration unless it is there; refuses over any other register."""
    if access_path(settings.data_dir).is_file():
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with locked(settings.database_path):
        if settings.database_path.exists():
            raise Stopped(f"{settings.data_dir} holds a register already; give another --data")
        await _make(settings, recipe)


async def _make(settings: Settings, recipe: Recipe) -> None:
    """Fill a folder beside the data, then move it into place: a broken start leaves nothing."""
    folder = settings.data_dir / "demo-loading"
    shutil.rmtree(folder, ignore_errors=True)
    began = time.monotonic()
    progress = _Progress(_DOCUMENTS[recipe.size])
    given = await load(replace(settings, data_dir=folder), recipe, now_ms, progress.note)
    for path in (settings.keys_dir, settings.database_path):
        (folder / path.name).rename(path)
    write_hand_out(settings.data_dir, given)
    shutil.rmtree(folder)
    progress.end(time.monotonic() - began)


class _Progress:
    """A bar on a terminal; on anything else one line at the end."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._count = 0

    def note(self, count: int) -> None:
        self._count = count
        if sys.stderr.isatty():
            done = min(_BAR, count * _BAR // self._expected)
            bar = "#" * done + "." * (_BAR - done)
            print(f"\r[{bar}] {count} documents", end="", file=sys.stderr, flush=True)

    def end(self, seconds: float) -> None:
        start = "\r" if sys.stderr.isatty() else ""
        said = f"{start}Loaded {self._count} documents of TEST DATA in {seconds:.0f} s"
        print(said, file=sys.stderr, flush=True)
