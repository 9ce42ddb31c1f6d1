"""What must hold in a history: after every step, and once everything was healed."""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec

from api.views.records import BRANCHES_SHOWN_MAX
from sync.exchange import PAGE_LIMIT
from sync.keys import PublicJwk, thumbprint
from sync.receipts import Receipt, read_receipt
from sync.replica import RETENTION_MS
from sync.states import Row
from tests.simulation import oracle
from tests.simulation.device import Device
from tests.simulation.oracle import Entry
from tests.simulation.values import check_values
from tests.simulation.world import Ended, Signed, World

DAY_MS: Final = 24 * 3600 * 1000
PASSING: Final = {"device-unknown", "device-revoked"}
ROUND_MS: Final = 400_000
ROUNDS_MAX: Final = 40


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


async def heal(world: World) -> None:
    """Let everything that was delayed arrive, and everybody talk until nothing changes."""
    world.network.fates.clear()
    for device in world.devices.values():
        device.exchange._page_limit = PAGE_LIMIT
    while world.network.late:
        await world.network.deliver_late(0)
    await settle(world)
    if world.held:
        world.clock.ms += 31 * DAY_MS
        await world.server.expire()
        await settle(world)


async def settle(world: World) -> None:
    for _ in range(ROUNDS_MAX):
        world.clock.ms += ROUND_MS
        is_quiet = True
        for device in world.devices.values():
            before = states(device)
            is_heard = await device.exchange.run_once() or device.name in world.revoked
            is_quiet = is_quiet and is_heard and before == states(device)
        if is_quiet:
            return
    raise AssertionError("it never comes to rest")


def states(device: Device) -> tuple[Any, ...]:
    return device.outbox.replica.cursor, [row.state for row in device.rows]


async def check_converged(world: World) -> None:
    """Every good document is in the log once, every device knows, every view is the register's."""
    log = await oracle.read_log(world.server.register)
    there = {entry.id: entry.pos for entry in log}
    told = oracle.fold(log)
    for device in world.devices.values():
        for row in device.rows:
            check_final(world, device, row, there)
        if device.name not in world.revoked:
            await check_views(device, told)
            lacking = await list_lacking(world, device, told, there)
            assert not lacking, f"{device.name} sees too little or too much: {lacking}"


async def check_views(device: Device, told: dict[str, oracle.Told]) -> None:
    """What a device shows is what the log says now."""
    for id, view in (await device.read_views()).items():
        expected = told.get(str(id))
        if expected is None:
            continue
        branches = [branch["id"] for branch in view.get("branches", [])]
        seen = (view["revision"], view["effect"], branches)
        # Of many branches the first are shown; as they are settled, the next follow.
        shown = expected.branches[:BRANCHES_SHOWN_MAX]
        assert seen == (expected.revision, expected.effect, shown)


async def list_lacking(
    world: World, device: Device, told: dict[str, oracle.Told], there: Mapping[UUID, int]
) -> list[str]:
    """Return what a device should see and does not, or sees and should not."""
    known = {str(one.entity) for one in world.signed.values() if one.kind in ("premises", "stay")}
    views = {str(id) for id in await device.read_views()} & known
    return sorted(views ^ {id for id in told if may_see(world, device, UUID(id), there)})


def may_see(world: World, device: Device, id: UUID, there: Mapping[UUID, int]) -> bool:
    """The post sees its commune, an owner his own, a manager also what a grant opened to him."""
    signed = world.signed[id]
    if device.name in ("officer", "program", "node"):
        return signed.place == world.province.communes[0]
    home = next(iter(signed.rests_on), id) if signed.kind == "stay" else id
    is_granted = device.name == "a2" and world.grants.get(home) in there
    return is_granted or device.name in (signed.by, world.signed[home].by)


def check_final(world: World, device: Device, row: Row, there: Mapping[UUID, int]) -> None:
    """A good document is confirmed; what can never arrive is refused, blocked or waits openly."""
    signed = world.signed[row.id]
    what = f"{device.name}: {signed.kind} of {signed.by} is {row.state} {row.code}"
    if signed.by in world.revoked:
        ended = world.revoked[signed.by]
        is_in_time = world.clock.ms - ended.at_ms < oracle.GRACE_MS - DAY_MS
        is_taken = is_in_time and ended.reason in ("left", "replaced")
        assert not (is_taken and row.code == "device-revoked"), what
        assert row.state != "confirmed" or row.id in there, what
    elif device.name == "node" and PASSING & set(list_codes(device, row)):
        # The post came before the phone had registered again, or before a restore forgot that its
        # key had ended; the phone brings it by itself.
        assert row.id in there or is_doomed(world, row.id, there), what
    elif world.expired and "dependency" in list_codes(device, row):
        # It had its final answer in the month in which what it rests on did not come.
        assert row.state in ("rejected", "blocked"), what
    elif signed.quality == "newer":
        assert (row.state, row.code) == ("queued", "version.newer"), what
    elif is_doomed(world, row.id, there):
        assert row.state in ("rejected", "blocked"), what
        assert signed.quality != "poison" or row.code != "not-allowed", what
    else:
        assert row.state in ("confirmed", "summary"), what
        assert row.pos == there.get(row.id), what
        # A restored register may have given it another link, but not another place.
        receipt = row.receipt and open_receipt(row.receipt, register_key(world))
        assert row.kind == "account" or (receipt and receipt.pos == row.pos), what


def list_codes(device: Device, row: Row) -> list[str | None]:
    """Return why a document, or the one that it is blocked by, was refused."""
    rows = device.outbox.replica.rows
    return [row.code, rows[row.blocked_by].code if row.blocked_by else None]


def is_doomed(world: World, id: UUID, there: Mapping[UUID, int]) -> bool:
    """Say whether a document can never be in the log, because of itself or what it rests on."""
    signed = world.signed[id]
    is_lost = signed.by in world.revoked and id not in there
    is_expired = id in world.expired and id not in there
    if signed.quality != "good" or is_lost or is_expired:
        return True
    return any(is_doomed(world, other, there) for other in signed.rests_on)


async def check_folded_anew(world: World) -> None:
    """Folded from nothing it is the same, over what was not erased; each erasure is told."""
    erased = world.values.erased
    told = {f"erasures {id} {name}: has no origin in the log" for id, name in erased}
    wrong = set(await world.server.storage.inspect())
    assert told <= wrong, "an erasure that nobody is told of"
    # The tables go on showing what was erased beside the log, until they are folded anew.
    shown = {str(world.signed[id].entity) for id, _ in erased}
    other = [line for line in wrong - told if not any(entity in line for entity in shown)]
    assert not other, f"folded anew it is something else: {min(other)}"


async def check_aged(world: World) -> None:
    """Sixty days after a document was confirmed a device no longer holds its bytes."""
    world.clock.ms += RETENTION_MS + 10 * DAY_MS
    for device in world.devices.values():
        if device.name not in world.revoked:
            confirmed = [row for row in device.rows if row.state in ("confirmed", "summary")]
            await device.wake()
            # The token has run out: the first call only says so.
            is_heard = await device.exchange.run_once() or await device.exchange.run_once()
            assert is_heard, "nobody answers"
            kept = await device.list_items(confirmed)
            assert not kept, f"{device.name} keeps what it need not"
