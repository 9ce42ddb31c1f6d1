"""What is looked up when somebody asks for the figures; apart because only this part waits."""

import asyncio
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from api.backups.folder import list_backups
from api.database.engine import Transaction
from api.ledger.backlog_store import count_by_reason
from api.ledger.reading_store import read_head
from api.problems import Refusal
from api.register import Register

_SQLITE: Final = "sqlite"


class Stand(Struct, frozen=True):
    """How far the log goes, and how many documents wait for what."""

    pos: int
    waiting: Mapping[str, int]


class Reading(Struct, frozen=True, kw_only=True):
    """The state of a register at one moment; `stand` is None where the database says nothing."""

    stand: Stand | None
    engine: str | None
    has_room: bool
    free_bytes: int
    #: When the last backup was whole; None where nobody knows of one.
    backed_up_seconds: float | None


async def take_reading(register: Register) -> Reading:
    """Look everything up; what the database refuses is left out, and the rest is told."""
    system = os.statvfs(register.settings.data_dir)
    return Reading(
        stand=await _find_stand(register),
        engine=await _find_engine(register),
        has_room=await register.engine.has_room(),
        free_bytes=system.f_bavail * system.f_frsize,
        backed_up_seconds=await asyncio.to_thread(_find_backup, register),
    )


async def _find_stand(register: Register) -> Stand | None:
    async def look(tx: Transaction) -> Stand:
        head = await read_head(tx, register.log)
        return Stand(head.pos, await count_by_reason(tx, register.log))

    try:
        return await register.engine.read(look)
    except Refusal:
        return None


def _find_backup(register: Register) -> float | None:
    """Return when the newest archive of the server's own folder was made, and of no other.

    Looked up, not remembered: a start forgets, other processes make some, and archives get lost.
    One from the future was named by a wrong clock. Without a folder it is what was made elsewhere
    since the start.
    """
    folder = register.settings.backups_dir
    if folder is None:
        return register.tallies.backed_up_seconds
    now = datetime.now(UTC)
    try:
        made = [instant for instant in list_backups(folder, register.log) if instant <= now]
    except OSError:
        return None
    return max(made).timestamp() if made else None


async def _find_engine(register: Register) -> str | None:
    """Return what stores the register; None while what it acknowledges may not be durable."""
    try:
        durable = await register.engine.check()
    except (Refusal, RuntimeError):
        return None
    return _SQLITE if _SQLITE in durable else "postgresql"
