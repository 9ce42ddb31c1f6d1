"""`sangkat migrate`: brings data to this version in place; no backup, no proof, no way back."""

import argparse
import asyncio

from api.commands.opening import check_exists, open_data
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE
from api.database.migrate import find_newest
from api.settings import Settings


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    add_command(
        commands,
        "migrate",
        "bring a stopped register's data to this version without backup and proof (see upgrade)",
        run,
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Open the data once: opening migrates; raises AlreadyServed while a server runs."""
    del options
    check_exists(settings)
    newest = asyncio.run(_open(settings))
    print(f"{settings.where} is at {newest}")
    return DONE


async def _open(settings: Settings) -> str:
    async with open_data(settings, may_migrate=True) as register, register.engine.reading() as tx:
        return await find_newest(tx)
