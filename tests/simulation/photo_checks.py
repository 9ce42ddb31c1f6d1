"""What must hold of photos: after every step, with time, and once everything was healed."""

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final
from uuid import UUID

from msgspec import Struct

from api.blobs.drawing import redraw
from tests.simulation import oracle
from tests.simulation.photos import DAY_MS
from tests.simulation.world import World

KEPT: Final = ".jpeg"
#: What an account may have, and begin in a day, that nobody verified.
UNVERIFIED_BYTES: Final = 16 * 1024 * 1024
UNVERIFIED_A_DAY: Final = 20


class Lying(Struct, frozen=True):
    """A file of a photo as it lies on the register's disk."""

    by: str
    name: str
    is_kept: bool
    path: Path


async def check_photos(world: World, log: list[oracle.Entry]) -> None:
    """What was acknowledged is there, from whom it came, as it was taken, and within bounds."""
    if not world.photos.sent:
        return
    told = oracle.fold(log)
    world.photos.grow_old({one.photo for one in told.values() if one.photo})
    there = await list_lying(world)
    for one in there:
        assert (one.by, one.name) in world.photos.sent, "a photo of somebody who never sent it"
        if one.is_kept:
            assert one.path.read_bytes() == draw(world.photos.taken[one.name]), "another picture"
    check_said(world, there)
    await check_quota(world)


def check_said(world: World, there: list[Lying]) -> None:
    sizes = {(one.by, one.name, one.is_kept): one.path.stat().st_size for one in there}
    for (by, name), said in world.photos.said.items():
        is_kept = (by, name, True) in sizes
        assert is_kept or not said.is_complete, "taken and gone"
        size = sizes.get((by, name, False), 0)
        assert is_kept or size >= said.offset, "acknowledged and gone"


async def check_quota(world: World) -> None:
    """Nobody whom no officer verified has more than he may, announced or kept."""
    async with world.server.register.engine.reading() as tx:
        rows = await tx.all(
            "SELECT b.account_id, b.state, b.length, b.kept_bytes, b.begun_ms FROM blobs b"
            " JOIN accounts a ON a.log = b.log AND a.account_id = b.account_id"
            " WHERE a.state = 'unverified'"
        )
    for account in {row[0] for row in rows}:
        own = [row[1:] for row in rows if row[0] == account]
        size = sum(length if state == "begun" else kept for state, length, kept, _ in own)
        assert size <= UNVERIFIED_BYTES, "more than an account may have"
        latest = max(begun_ms for *_, begun_ms in own)
        begun = [begun_ms for *_, begun_ms in own if begun_ms > latest - DAY_MS]
        assert len(begun) <= UNVERIFIED_A_DAY, "more than an account may begin in a day"


async def check_explained(world: World) -> None:
    """After a start nothing lies there of which the register knows nothing."""
    async with world.server.register.engine.reading() as tx:
        rows = await tx.all("SELECT sha256, state FROM blobs WHERE state <> 'refused'")
    known = {(sha256.hex(), state == "kept") for sha256, state in rows}
    for one in await list_lying(world):
        is_known = (one.name, one.is_kept) in known or (one.name, False) in known
        assert is_known, "a file that nobody knows of"


async def list_lying(world: World) -> list[Lying]:
    """Return every file of a photo, with the device whose account sent it."""
    names = await read_names(world)
    paths = sorted(world.server.register.settings.blobs_dir.glob("*/*/*"))
    return list(_read_lying(paths, names))


def _read_lying(paths: list[Path], names: dict[str, str]) -> Iterator[Lying]:
    for path in paths:
        name, _, account = path.stem.partition("-")
        yield Lying(names.get(account, account), name, path.suffix == KEPT, path)


async def read_names(world: World) -> dict[str, str]:
    """Return whose account is whose."""
    kids = {device.outbox.replica.kid: device.name for device in world.devices.values()}
    async with world.server.register.engine.reading() as tx:
        rows = await tx.all("SELECT account_id, kid FROM devices")
    own = {
        device.account_id.hex: device.name for device in world.devices.values() if device.account_id
    }
    return {UUID(bytes=id).hex: kids[kid] for id, kid in rows if kid in kids} | own


@lru_cache(maxsize=1_000)
def draw(photo: bytes) -> bytes:
    """Return what a register keeps of a photo."""
    drawn = io.BytesIO()
    assert redraw(io.BytesIO(photo), drawn) == 0
    return drawn.getvalue()
