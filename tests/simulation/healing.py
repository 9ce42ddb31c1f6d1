"""How a history is healed, and what must hold then: everybody agrees, nothing is left over."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from api.views.records import BRANCHES_SHOWN_MAX
from sync.exchange import PAGE_LIMIT
from sync.replica import RETENTION_MS
from sync.states import Row
from tests.simulation import oracle
from tests.simulation.checks import DAY_MS, check_device, open_receipt, register_key
from tests.simulation.device import Device
from tests.simulation.world import World

PASSING: Final = {"device-unknown", "device-revoked"}
ROUND_MS: Final = 400_000
ROUNDS_MAX: Final = 40
TRIES: Final = 3


async def heal(world: World) -> None:
    """Let everything that was delayed arrive, and everybody talk until nothing changes."""
    world.network.fates.clear()
    for device in world.devices.values():
        device.exchange._page_limit = PAGE_LIMIT
    while world.network.late:
        await world.network.deliver_late(0)
    await settle(world)
    for device in world.devices.values():
        check_device(world, device)
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
        # A key that ended is not told either that the register was restored since.
        assert row.state != "confirmed" or row.id in there or row.id in world.lost, what
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
            assert await is_heard(device), "nobody answers"
            kept = await device.list_items(confirmed)
            assert not kept, f"{device.name} keeps what it need not"


async def is_heard(device: Device) -> bool:
    """Say whether the register answers, once it has told of an old token or a narrow way."""
    for _ in range(TRIES):
        if await device.exchange.run_once():
            return True
    return False
