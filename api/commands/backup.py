"""`sangkat backup`: everything that a register needs to live again, keys and photos included."""

import argparse
import asyncio
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from api.administration.backups import BackedUp, BackingUp, BackupState
from api.backups.archive import keep_names
from api.backups.sealing import NoRecipient, SealingMissing, check_recipients, make_identity
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, REFUSED, WRONG_USE, Stopped
from api.commands.reaching import Administration, Refused, call
from api.settings import Settings
from api.setup.records import Recipients

_NOBODY = (
    "nobody could open it: `sangkat backup --new-identity FILE` makes a key, --recipient names"
    " one, --unencrypted writes for every reader"
)
_ADVICE = "whoever has it opens every backup, who loses it opens none"


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    said = "write database, keys and photos into one sealed file while the register goes on"
    parser = add_command(commands, "backup", said, run)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("file", type=Path, nargs="?", metavar="FILE", help="the archive")
    said = "a folder: named by the instant, photos beside it, superfluous ones in it are deleted"
    where.add_argument("--to", type=Path, metavar="DIR", help=said)
    said = "make a key pair: the private half goes into FILE (- shows it), the public is recorded"
    where.add_argument("--new-identity", metavar="FILE", help=said)
    said = "a public key that can open it, in place of those recorded; may be repeated"
    parser.add_argument(
        "--recipient", action="append", default=[], metavar="age1…", help=said, dest="recipients"
    )
    said = "record the --recipients for later backups, in place of those recorded"
    parser.add_argument("--remember", action="store_true", help=said)
    said = "seal it to nobody: keep it where nobody else reads it"
    parser.add_argument("--unencrypted", action="store_true", help=said)
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Do one of the four things; without any of them say how backups stand."""
    recipients: tuple[str, ...] = tuple(options.recipients)
    if options.unencrypted and (recipients or options.remember or options.new_identity):
        raise Stopped("--unencrypted goes with FILE or --to alone", WRONG_USE)
    try:
        check_recipients(recipients)
        if options.new_identity:
            return _make_identity(options.new_identity, recipients, settings)
    except (NoRecipient, SealingMissing) as error:
        raise Stopped(str(error), WRONG_USE) from error
    if options.remember:
        _record(settings, recipients)
    target: Path | None = options.to or options.file
    if target is None:
        return _show(settings)
    _check_target(target.absolute(), options, settings)
    return _write(target.absolute(), options, settings)


def _make_identity(place: str, others: tuple[str, ...], settings: Settings) -> int:
    """Write or show a private key once, and record its public half beside those given."""
    private, public = make_identity()
    text = f"# opens the backups of {settings.log}\n# public key: {public}\n{private}\n"
    if place == "-":
        # Alone: what is written into a file opens backups as it is. Before it is recorded, as a
        # key that could not be shown opens nothing.
        with os.fdopen(sys.stdout.fileno(), "w", closefd=False) as shown:
            shown.write(text)
        with redirect_stdout(sys.stderr), _keeping(None, public) as asked:
            _record(settings, (public, *others), asked)
        return DONE
    path = Path(place)
    _write_key(path, text)
    with _keeping(path, public) as asked:
        _record(settings, (public, *others), asked)
    print(f"{path} opens later backups: move it off this machine, to two places; {_ADVICE}")
    return DONE


def _write_key(path: Path, text: str) -> None:
    """Make the key durable under its name, or leave none: nothing is sealed to it before."""
    with path.open("x") as file:
        try:
            path.chmod(0o600)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            keep_names(path.absolute().parent)
        except BaseException:
            path.unlink()
            raise


@contextmanager
def _keeping(path: Path | None, public: str) -> Generator[asyncio.Event]:
    """Throw the key away only where its public half is surely not recorded; else say what stands.

    Yields what is set when recording is asked: from then on an answer can be lost.
    """
    asked = asyncio.Event()
    kept = "what was shown" if path is None else str(path)
    unknown = f"it is not known whether {public} was recorded: keep {kept}, `sangkat backup` says"
    try:
        yield asked
    except BaseException as error:
        is_refused = isinstance(error, Refused) and error.exit_code == REFUSED
        if is_refused or not asked.is_set():
            _drop(path)
            raise
        if isinstance(error, Stopped):
            raise Stopped(f"{error}; {unknown}", error.exit_code) from error
        print(unknown, file=sys.stderr)
        raise


def _drop(path: Path | None) -> None:
    if path is not None:
        path.unlink()


def _record(
    settings: Settings, recipients: tuple[str, ...], asked: asyncio.Event | None = None
) -> None:
    if not recipients:
        raise Stopped("--remember needs --recipient", WRONG_USE)
    body = Recipients(recipients)

    async def ask(to: Administration) -> None:
        if asked is not None:
            asked.set()
        await to.ask("PUT", "/backups/recipients", Recipients, body)

    call(settings, ask)
    print(f"later backups are sealed to {', '.join(recipients)}")


def _show(settings: Settings) -> int:
    """Say to whom backups are sealed, and how the server's own stand."""
    state = _ask_state(settings)
    print(f"sealed to: {', '.join(state.recipients) or f'nobody; {_NOBODY}'}")
    if state.folder:
        print(f"the last one in {state.folder}: {state.newest_at or 'none was made yet'}")
    return DONE


def _ask_state(settings: Settings) -> BackupState:
    return call(settings, lambda to: to.ask("GET", "/backups", BackupState))


def _check_target(target: Path, options: argparse.Namespace, settings: Settings) -> None:
    """Refuse a place where no archive can come to be."""
    if options.to and not target.is_dir():
        raise Stopped(f"{target} is no folder")
    if not options.to and (target.is_dir() or not target.parent.is_dir()):
        raise Stopped(f"{target} is no place for a file")
    if not options.to and target.exists() and not options.force:
        raise Stopped(f"{target} is there already; --force writes over it")
    if settings.database_path.exists() and not os.access(settings.data_dir, os.W_OK):
        why = "copy the folder to where it can be written, and back that up with --data"
        raise Stopped(f"{settings.data_dir} cannot be written: {why}")


def _write(target: Path, options: argparse.Namespace, settings: Settings) -> int:
    """Write the archive, sealed to those given, else to those recorded."""
    recipients: tuple[str, ...] = tuple(options.recipients)
    if not (recipients or options.unencrypted):
        recipients = _ask_state(settings).recipients
        if not recipients:
            raise Stopped(_NOBODY, WRONG_USE)
    body = BackingUp(path=str(target), is_folder=bool(options.to), recipients=recipients)
    made = call(settings, lambda to: to.ask("POST", "/backups", BackedUp, body))
    state = f"sealed to {', '.join(recipients)}" if recipients else "not encrypted, keys included"
    print(f"{made.path}: {state}")
    if made.photos_waiting:
        told = "the log names those that cannot be read, the next one goes on with the others"
        print(f"{made.photos_waiting} photos are not in it: {told}")
    return DONE
