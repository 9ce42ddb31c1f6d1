"""`sangkat verify`: computes everything anew and says, a line each, what is not as it must be."""

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from api.commands.opening import check_exists
from api.commands.options import Commands, add_command
from api.commands.outcomes import DONE, REFUSED, WRONG_USE, Stopped
from api.copies import open_copies
from api.database.engine import DataRefused, Snapshot
from api.inspection.inspecting import Inspection, Trusted
from api.inspection.photos import list_lost_photos
from api.ledger.keys import KeysBroken, find_exposed, read_keys
from api.places.store import load_places
from api.settings import Settings
from sync.keys import PublicJwk
from sync.receipts import Receipt, read_receipt

_LINES_MAX: Final = 200


class _Answer(Struct, frozen=True):
    receipt: str


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    parser = add_command(
        commands, "verify", "check every signature, receipt and table; says what is wrong", run
    )
    said = (
        "receipts that somebody else holds, to be found in the log: one a line, or an answer of"
        ' the register, {"receipt": …}; may be repeated'
    )
    parser.add_argument(
        "--receipt", action="append", default=[], type=Path, metavar="FILE", help=said
    )


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Print what is wrong; 0 when nothing is."""
    try:
        wrong, pos = asyncio.run(verify(settings, options.receipt, tells_photos=True))
    except KeysBroken as error:
        raise Stopped(f"{error}; nothing can be proved without it") from error
    if not wrong:
        print(f"{pos} entries: chain, signatures, receipts and every table hold")
        return DONE
    print(f"{wrong} things are wrong in {settings.data_dir}", file=sys.stderr)
    return REFUSED


async def verify(
    settings: Settings,
    files: Sequence[Path] = (),
    snapshot: Snapshot | None = None,
    *,
    tells_photos: bool = False,
) -> tuple[int, int]:
    """Print one line for each thing that is wrong; return how many, and the length of the log.

    A snapshot that is given is proved in place of what everybody sees. Of photos it only warns.

    Raises KeysBroken where keys are missing or are none, DataTorn where there is no register.
    """
    check_exists(settings)
    keys = read_keys(settings.keys_dir)
    receipt_keys = {key.kid: key.jwk for key in keys.published}
    held, unproven = read_receipts(files, receipt_keys)
    exposed = [
        f"{path}: a private key that other users may open (mode {mode:04o})"
        for path, mode in find_exposed(settings.keys_dir)
    ]
    for line in (*unproven, *exposed):
        print(line)
    trusted = Trusted(
        log=settings.log,
        places=load_places(),
        receipt_keys=receipt_keys,
        receipt_kid=keys.receipt_kid,
        published=keys.published,
        gateway_kid=keys.gateway_kid,
        held=held,
    )
    async with open_copies(settings, snapshot) as copies:
        inspection = Inspection(trusted, *copies)
        count = len(unproven) + len(exposed) + await _print(inspection.run(_note))
        if tells_photos:
            await _print(_warn_of_photos(copies.held, settings))
    return count, inspection.pos


async def _warn_of_photos(held: Snapshot, settings: Settings) -> AsyncGenerator[str]:
    """Yield a line for each photo that is lost: what is proved does not rest on photos."""
    async for line in list_lost_photos(held, settings.log, settings.blobs_dir):
        yield f"warning: {line}"


async def _print(lines: AsyncGenerator[str]) -> int:
    """Print the first lines and count the rest: one wrong thing can have a thousand results."""
    count = 0
    async for line in _until_damaged(lines):
        count += 1
        if count <= _LINES_MAX:
            print(line)
    if count > _LINES_MAX:
        print(f"… and {count - _LINES_MAX} more")
    return count


async def _until_damaged(lines: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """Go on to where a page of the file is none: that is one more thing that is wrong."""
    try:
        async for line in lines:
            yield line
    except sqlite3.OperationalError:
        raise  # the machine's trouble, which says nothing of the data
    except (sqlite3.DatabaseError, DataRefused) as error:
        yield f"database: {error}; the rest cannot be read"


def _note(pos: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{pos} entries", end="", file=sys.stderr, flush=True)


def read_receipts(
    files: Sequence[Path], keys: Mapping[str, PublicJwk]
) -> tuple[list[Receipt], list[str]]:
    """Return the receipts in files, and a line for each that this register did not sign."""
    held: list[Receipt] = []
    unproven: list[str] = []
    for file in files:
        read = [(n, _find_receipt(text, keys)) for n, text in _list_receipts(file)]
        held += [one for _, one in read if one is not None]
        wrong = [n for n, one in read if one is None]
        if wrong:
            unproven.append(_say_unproven(file, wrong))
    return held, unproven


def _say_unproven(file: Path, lines: Sequence[int]) -> str:
    """Say it once a file: a file of something else is wrong in every line."""
    more = f", the first of {len(lines)}" if len(lines) > 1 else ""
    return f"{file}: not a receipt of this register: line {lines[0]}{more}"


def _find_receipt(text: str, keys: Mapping[str, PublicJwk]) -> Receipt | None:
    try:
        return read_receipt(_bare(text), keys)
    except ValueError:
        return None


def _bare(text: str) -> str:
    """Return a receipt; a QR code holds it as the fragment of a link, `https://HOST/verify#…`."""
    _, mark, fragment = text.partition("#")
    return fragment if mark else text


def _list_receipts(file: Path) -> list[tuple[int, str]]:
    """Return what stands for a receipt, with its line: a line each, or one answer of the API."""
    try:
        text = file.read_text()
    except (OSError, ValueError) as error:
        raise Stopped(f"{file} cannot be read", WRONG_USE) from error
    answer = _find_answer(text)
    if answer is not None:
        return [(1, answer)]
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise Stopped(f"{file} holds no receipt", WRONG_USE)
    return lines


def _find_answer(text: str) -> str | None:
    """Return the receipt in what `GET /v1/receipts/{id}` answered, which people keep as it is."""
    try:
        return msgspec.json.decode(text, type=_Answer).receipt
    except msgspec.DecodeError:
        return None
