"""What must hold in a history after every step."""

import base64
import hashlib
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec

from sync.keys import PublicJwk, thumbprint
from sync.receipts import Receipt, read_receipt
from sync.states import Row
from tests.simulation import oracle
from tests.simulation.device import Device
from tests.simulation.oracle import Entry
from tests.simulation.photo_checks import check_photos
from tests.simulation.values import check_values
from tests.simulation.world import Ended, Signed, World

DAY_MS: Final = 24 * 3600 * 1000


async def check_everything(world: World) -> None:
    """Check the register, its promises, and every device."""
    log = await oracle.read_log(world.server.register)
    oracle.check_log(log, world.province.log)
    check_bytes(world, log)
    await check_promises(world, log)
    await check_backlog(world, log)
    await check_fold(world, log)
    items = {id: signed.item for id, signed in world.signed.items() if signed.kind == "stay"}
    async with world.server.register.engine.reading() as tx:
        await check_values(tx, world.values, log, items)
    await check_photos(world, log)
    for device in world.devices.values():
        check_device(world, device)


def check_bytes(world: World, log: list[Entry]) -> None:
    """What is in the log is what was signed, to the letter, whoever brought it."""
    for entry in log:
        signed = world.signed.get(entry.id)
        if signed is not None:
            written = signed.item.payload.encode(), signed.item.signature
            assert (entry.text, entry.signature) == written, "not what was signed"


async def check_promises(world: World, log: list[Entry]) -> None:
    """What was acknowledged is there, with the receipt that was given."""
    receipts = {str(entry.id): entry.receipt for entry in log}
    for id, receipt in world.promised.items():
        assert receipts.get(id) == receipt, f"acknowledged and gone: {id}"
    kept = await read_ids(world, "backlog") | await read_ids(world, "refusals") | set(receipts)
    lost = set(world.held) - kept
    assert not lost, f"held and gone: {lost}"


async def check_backlog(world: World, log: list[Entry]) -> None:
    """Nothing waits for what has come, or for a verdict that was given."""
    there = {entry.id for entry in log}
    keys = oracle.Keys()
    for entry in log:
        keys.note(entry)
    async with world.server.register.engine.reading() as tx:
        waiting = await tx.all("SELECT id, reason FROM backlog")
    for id, reason in [(UUID(bytes=row[0]), row[1]) for row in waiting]:
        signed = world.signed[id]
        ended = world.revoked.get(signed.by)
        is_waiting = not signed.rests_on <= there or (
            ended is not None and find_verdict(keys, id, signed, ended) is None
        )
        assert is_waiting, f"ready and still held: {signed.kind} of {signed.by}"
        assert reason != "missing" or not signed.rests_on <= there, "waits for what is there"


def find_verdict(keys: oracle.Keys, id: UUID, signed: Signed, ended: Ended) -> str | None:
    digest = hashlib.sha256(signed.item.payload.encode()).digest()
    return keys.find_verdict(id, digest, ended.at_ms)


async def check_fold(world: World, log: list[Entry]) -> None:
    """The folded tables say what the log says."""
    async with world.server.register.engine.reading() as tx:
        rows = await tx.all(
            "SELECT entity, revision, effect, detail FROM entities"
            " WHERE kind IN ('premises', 'stay') ORDER BY entity"
        )
    folded = {str(UUID(bytes=row[0])): row[1:] for row in rows}
    told = oracle.fold(log)
    assert set(folded) == set(told), "an entity too many or too few"
    for id, (revision, effect, detail) in folded.items():
        branches = msgspec.json.decode(detail).get("branches", [])
        found = (str(UUID(bytes=revision)), effect, branches)
        assert found == (told[id].revision, told[id].effect, told[id].branches), told[id].kind


def check_device(world: World, device: Device) -> None:
    """A device believes only what was proved, and shows what can never arrive."""
    rows = device.outbox.replica.rows
    for row in rows.values():
        assert row.state != "sending", "still sending after the answer"
        if row.state in ("received", "confirmed") and row.kind != "account":
            check_receipt(world, row)
        if row.state == "confirmed":
            assert row.pos is not None
            assert row.pos <= read_cursor(device), "confirmed beyond the cursor"
        if row.state in ("queued", "held"):
            above = [rows[id].state for id in row.after if id in rows]
            assert not {"rejected", "blocked"} & set(above), "waits for what was refused"
        if row.code == "device-revoked":
            check_refused(world, row)


def check_refused(world: World, row: Row) -> None:
    """What a key that was left or replaced signed is taken for a month, unless somebody judged."""
    ended = world.revoked.get(world.signed[row.id].by)
    if ended is None or ended.reason in ("lost", "stolen") or row.id in world.judged:
        return
    assert world.clock.ms - ended.at_ms >= oracle.GRACE_MS - DAY_MS, "refused in the month after"


def check_receipt(world: World, row: Row) -> None:
    receipt = open_receipt(row.receipt or "", register_key(world))
    assert (receipt.id, receipt.hash) == (row.id, row.hash), "the receipt of something else"


def register_key(world: World) -> PublicJwk:
    return world.server.register.keys.receipt_jwk


@lru_cache(maxsize=10_000)
def open_receipt(text: str, jwk: PublicJwk) -> Receipt:
    try:
        return read_receipt(text, {thumbprint(jwk): jwk})
    except ValueError as error:
        raise AssertionError("a receipt that does not hold") from error


def read_cursor(device: Device) -> int:
    """Return the position in a cursor; only a test looks into it."""
    cursor = device.outbox.replica.cursor or ""
    text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    return msgspec.json.decode(text)["p"][device.province.log][0] if text else -1


async def read_ids(world: World, table: str) -> set[str]:
    async with world.server.register.engine.reading() as tx:
        rows: list[Any] = await tx.all(f"SELECT id FROM {table}")
    return {str(UUID(bytes=row[0])) for row in rows}
