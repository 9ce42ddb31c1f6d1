"""`sangkat migrate`: brings data to this version in place; no backup, no proof, no way back."""

import argparse
import asyncio
from functools import partial

from api.commands.opening import check_exists, open_data
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, WRONG_USE, Stopped
from api.database.migrate import find_newest, grant
from api.settings import Settings


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(
        commands,
        "migrate",
        "bring a stopped register's data to this version without backup and proof (see upgrade)",
        run,
    )
    said = "let this role serve the register, add to the log and change none of it (PostgreSQL)"
    parser.add_argument("--grant", metavar="ROLE", help=said)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Open the data once: opening migrates; raises AlreadyServed while a server runs."""
    role: str | None = options.grant
    if role and not settings.database:
        raise Stopped("--grant is for PostgreSQL; SANGKAT_DATABASE names no database", WRONG_USE)
    check_exists(settings)
    newest = asyncio.run(_open(settings, role))
    print(f"{settings.where} is at {newest}")
    return DONE


async def _open(settings: Settings, role: str | None) -> str:
    async with open_data(settings, may_migrate=True) as register:
        if role:
            await register.engine.write(partial(grant, role=role))
        async with register.engine.reading() as tx:
            return await find_newest(tx)
