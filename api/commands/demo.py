"""`sangkat demo` and `serve --demo`: a register of synthetic people, made whole or not at all."""

import argparse
import asyncio
import shutil
import sqlite3
import sys
import time
from typing import Final

import httpx
from msgspec.structs import replace

from api.app import find_demonstration
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, LATER, REFUSED, Stopped
from api.commands.reaching import tell_wait
from api.commands.recipes import SEED, SIZES, Wanted, add_recipe
from api.database.lock import locked
from api.demonstration.calendar import day_in_cambodia
from api.demonstration.handing_out import access_path, write_hand_out
from api.demonstration.loading import Recipe, load
from api.ledger.committer import now_ms
from api.moving import NotMoved, move
from api.settings import Settings, check_whole, is_whole
from api.setup.records import Demo

_BAR: Final = 30
# About how many documents a size pushes; only the progress bar rests on it.
_DOCUMENTS: Final = {"tiny": 100, "commune": 4_500, "province": 55_000}


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(commands, "demo", "make a register of synthetic people (TEST DATA)", run)
    parser.add_argument("size", choices=SIZES, help=f"about {_count_documents()} documents")
    add_recipe(parser)


def _count_documents() -> str:
    return ", ".join(f"{number:,}" for number in _DOCUMENTS.values())


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Make it unless it is there."""
    settings = replace(settings, base_url=settings.base_url or Settings().base_url)
    wanted = Wanted(options.size, options.seed, options.today)
    was_there = "" if asyncio.run(prepare(settings, wanted)) else ", as it was"
    codes = access_path(settings.data_dir)
    print(f"TEST DATA in {settings.data_dir}{was_there}; codes and tokens: {codes}")
    return DONE


async def prepare(settings: Settings, wanted: Wanted) -> bool:
    """Make the demonstration unless it is there; refuses over any other register.

    Returns whether it was made; one that was made on another day is as good.
    """
    check_whole(settings)
    if is_whole(settings) if settings.database else settings.database_path.exists():
        await _check_is_wanted(settings, wanted)
        return False
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with locked(settings.database_path):
        today = wanted.today or day_in_cambodia(now_ms())
        seed = SEED if wanted.seed is None else wanted.seed
        await _make(settings, Recipe(wanted.size, seed, today))
    return True


async def _check_is_wanted(settings: Settings, wanted: Wanted) -> None:
    try:
        demo = await find_demonstration(settings)
    except sqlite3.DatabaseError as error:
        raise Stopped(f"{settings.database_path} cannot be read: {error}") from error
    if demo is None or not access_path(settings.data_dir).is_file():
        raise Stopped(f"{settings.data_dir} holds a register already; give another --data")
    if not _is_of(demo, wanted):
        there = f"{demo.size} of {demo.today} with seed {demo.seed}"
        raise Stopped(f"{settings.data_dir} holds the demonstration {there}; give another --data")


def _is_of(demo: Demo, wanted: Wanted) -> bool:
    return (
        wanted.size == demo.size
        and wanted.seed in (None, demo.seed)
        and (wanted.today is None or wanted.today.isoformat() == demo.today)
    )


async def _make(settings: Settings, recipe: Recipe) -> None:
    """Fill a folder beside the data, then move it into place: a broken start leaves nothing."""
    folder = settings.data_dir / "demo-loading"
    shutil.rmtree(folder, ignore_errors=True)
    began = time.monotonic()
    progress = _Progress(_DOCUMENTS[recipe.size])
    apart = replace(settings, data_dir=folder)
    try:
        given = await load(replace(apart, database=""), recipe, now_ms, progress.note)
    except httpx.HTTPStatusError as error:
        raise _describe(error.response) from error
    parts = (settings.keys_dir, settings.database_path)
    if settings.database:
        await _move(apart)
        parts = (settings.keys_dir,)
    for path in parts:
        (folder / path.name).rename(path)
    write_hand_out(settings.data_dir, given)
    shutil.rmtree(folder)
    progress.end(time.monotonic() - began)


def _describe(response: httpx.Response) -> Stopped:
    said = f"the register answered {response.status_code} {response.reason_phrase}"
    exit_code = LATER if "retry-after" in response.headers else REFUSED
    return Stopped(said + tell_wait(response), exit_code)


async def _move(settings: Settings) -> None:
    try:
        await move(settings)
    except NotMoved as error:
        raise Stopped(str(error)) from error


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
