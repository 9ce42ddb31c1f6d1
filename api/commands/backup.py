"""`sangkat backup`: one file with everything that a register needs to live again, keys included."""

import argparse
import os
from pathlib import Path

from api.administration.archive import Manifest
from api.administration.backups import BackingUp
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, Stopped
from api.commands.reaching import call
from api.settings import Settings


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    said = "write database and keys into one file while the register goes on"
    parser = add_command(commands, "backup", said, run)
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="the archive; it is not encrypted, keep it where nobody else reads it",
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the archive."""
    target: Path = options.file.absolute()
    if target.is_dir() or not target.parent.is_dir():
        raise Stopped(f"{target} is no place for a file")
    if target.exists() and not options.force:
        raise Stopped(f"{target} is there already; --force writes over it")
    if settings.database_path.exists() and not os.access(settings.data_dir, os.W_OK):
        why = "copy the folder to where it can be written, and back that up with --data"
        raise Stopped(f"{settings.data_dir} cannot be written: {why}")
    body = BackingUp(str(target))
    made = call(settings, lambda to: to.ask("POST", "/backups", Manifest, body))
    print(f"{target} of {made.made_at}: {', '.join(made.sha256)}; the keys are not encrypted")
    return DONE
