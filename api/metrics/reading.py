"""What is looked up when somebody asks for the figures; apart because only this part waits."""

import os
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

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


async def take_reading(register: Register) -> Reading:
    """Look everything up; what the database refuses is left out, and the rest is told."""
    system = os.statvfs(register.settings.data_dir)
    return Reading(
        stand=await _find_stand(register),
        engine=await _find_engine(register),
        has_room=await register.engine.has_room(),
        free_bytes=system.f_bavail * system.f_frsize,
    )


async def _find_stand(register: Register) -> Stand | None:
    async def look(tx: Transaction) -> Stand:
        head = await read_head(tx, register.log)
        return Stand(head.pos, await count_by_reason(tx, register.log))

    try:
        return await register.engine.read(look)
    except Refusal:
        return None


async def _find_engine(register: Register) -> str | None:
    """Return what stores the register; None while what it acknowledges may not be durable."""
    try:
        durable = await register.engine.check()
    except (Refusal, RuntimeError):
        return None
    return _SQLITE if _SQLITE in durable else "postgresql"
