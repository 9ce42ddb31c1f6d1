"""`sangkat restore`: puts a backup in the place of the data, after proving that it is whole."""

import argparse
from pathlib import Path

from api.commands import replacing, swapping
from api.commands.archives import Given
from api.commands.carrying import Carried
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE
from api.settings import Settings


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(
        commands, "restore", "put a backup in the place of a stopped register's data", run
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what `sangkat backup` wrote")
    said = "the private key that opens it, as --new-identity wrote it; may be repeated"
    parser.add_argument(
        "--identity", action="append", default=[], type=Path, metavar="FILE", help=said
    )
    said = "even where a register is; its data are kept in DATA/replaced-*, or a schema so named"
    parser.add_argument("--force", action="store_true", help=said)
    which = parser.add_mutually_exclusive_group()
    said = "all but the photos of the backup that are missing or damaged; each is named"
    which.add_argument("--without-lost-photos", action="store_true", help=said)
    said = "database and keys alone, none of the photos of the backup"
    which.add_argument("--without-photos", action="store_true", help=said)
    said = "even of a register with other keys: receipts of the one that is there prove no more"
    parser.add_argument("--another-register", action="store_true", help=said)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Prove the archive, then put it in place; raises AlreadyServed while a server runs."""
    given = Given(
        options.file,
        options.identity,
        has_photos=not options.without_photos,
        may_lack_photos=options.without_lost_photos,
        may_be_anothers=options.another_register,
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    restore = swapping.restore if settings.database else replacing.restore
    pos, carried, kept = restore(given, settings, is_forced=options.force)
    print(f"{pos} entries are back; phones that know of later ones send them again by themselves")
    print("Tokens and invitations are void unless they were still open in what is replaced")
    print(_describe(carried))
    if kept is not None:
        print(_describe_kept(kept, carried))
    return DONE


def _describe_kept(kept: str, carried: Carried) -> str:
    """Say whether the operator may do without what was there before."""
    there = f"what was there before is in {kept}"
    if carried.has_every_look:
        return f"{there}; the {carried.looks} rows of who looked since the backup came along"
    came = (
        f"{carried.looks} rows of it came along, the chain of the others does not go on from here"
    )
    return f"{there}: keep it, who looked since the backup stands there ({came})"


def _describe(carried: Carried) -> str:
    """Say what came along of what was put aside, and what the operator has to repeat."""
    came = f"{carried.stored} entries on rights and of the register itself came along"
    if carried.waiting:
        came += f", {carried.waiting} wait for what phones send"
    if carried.is_whole and not carried.refused:
        return f"{came}: what was revoked since stays revoked"
    return f"{came}; repeat what else was revoked or disabled since, before anybody can sign in"
