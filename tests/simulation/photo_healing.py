"""How photos come right once a history was healed, and who may see them then."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct

from sync.client import RequestFailed
from tests.simulation import oracle
from tests.simulation.checks import check_everything
from tests.simulation.device import Device
from tests.simulation.healing import may_see
from tests.simulation.photo_checks import draw, list_lying
from tests.simulation.photos import DAY_MS
from tests.simulation.world import World

TRIES: Final = 3


class Scene(Struct, frozen=True):
    """What the log says, where each entry is, and whose photos are kept."""

    told: Mapping[str, oracle.Told]
    there: Mapping[UUID, int]
    kept: frozenset[tuple[str, str]]

    @property
    def named(self) -> set[str]:
        """Every photo that premises name."""
        return {one.photo for one in self.told.values() if one.photo}


async def read_scene(world: World) -> Scene:
    log = await oracle.read_log(world.server.register)
    kept = frozenset((one.by, one.name) for one in await list_lying(world) if one.is_kept)
    return Scene(oracle.fold(log), {entry.id: entry.pos for entry in log}, kept)


async def heal_photos(world: World) -> None:
    """Let every phone send what it has; what others only announced goes, and then there is room."""
    if not world.photos.sent:
        return
    await bring_all(world)
    if any(not one.is_kept for one in await list_lying(world)):
        await pass_days(world, 14)
        assert all(one.is_kept for one in await list_lying(world)), "unfinished and there"
        await bring_all(world)
    named = (await read_scene(world)).named
    if any(one.name not in named for one in await list_lying(world)):
        await pass_days(world, 40)
        await check_gone(world)
        await bring_all(world)
    await check_everything(world)
    await check_arrived(world)


async def pass_days(world: World, days: int) -> None:
    """Let more time go by than the register keeps what has to go: clocks have jumped by hours."""
    world.clock.ms += days * DAY_MS
    await world.server.expire()


async def bring_all(world: World) -> None:
    """Let every phone send its photos; what one takes for sent is there."""
    done = [device for device in world.devices.values() if await bring(device)]
    kept = (await read_scene(world)).kept
    for device in done:
        lacking = {(device.name, name) for name in device.photos} - kept
        assert not lacking, f"{device.name} takes for sent what is not there"


async def bring(device: Device) -> bool:
    """Say whether a device could send all it has; a token that ran out is only told of first."""
    for _ in range(TRIES):
        if await device.send_photos():
            return True
    return False


async def check_gone(world: World) -> None:
    """What nothing ever named is gone after a month."""
    log = await oracle.read_log(world.server.register)
    named = {entry.payload["body"].get("photo") for entry in log}
    old = world.clock.ms - 30 * DAY_MS
    said = {key for key, said in world.photos.said.items() if said.at_ms < old}
    for one in await list_lying(world):
        is_unnamed = one.name not in named and (one.by, one.name) in said
        assert not is_unnamed, "what nothing names is there"


async def check_arrived(world: World) -> None:
    """Every photo that its phone still has is there, for those who may see it and nobody else."""
    scene = await read_scene(world)
    for device in world.devices.values():
        # A key that ended sends none, or not for long.
        if device.name in world.revoked:
            continue
        for name in device.photos:
            assert (device.name, name) in scene.kept, f"{device.name} has one that never arrives"
        for name in sorted(scene.named | {name for _, name in scene.kept}):
            await check_shown(world, device, name, scene)


async def check_shown(world: World, device: Device, name: str, scene: Scene) -> None:
    is_own = (device.name, name) in scene.kept
    is_open = is_own or is_opened(world, device, name, scene)
    shown = await look(device, name)
    assert (shown is not None) == is_open, f"{device.name} sees too little or too much"
    assert shown is None or shown == draw(world.photos.taken[name]), "another picture"


def is_opened(world: World, device: Device, name: str, scene: Scene) -> bool:
    """Say whether premises that name a photo, by somebody who sent it, are there to be seen."""
    kids = {device.outbox.replica.kid: device.name for device in world.devices.values()}
    return any(
        any((kids.get(kid), name) in scene.kept for kid in one.writers)
        and may_see(world, device, UUID(id), scene.there)
        for id, one in scene.told.items()
        if one.photo == name
    )


async def look(device: Device, name: str) -> bytes | None:
    """Return a photo as it is shown to somebody; None where it is not."""
    for _ in range(TRIES):
        try:
            await sign_in(device)
            return await device.client.read_photo(name)
        except RequestFailed as error:
            status = error.status
        if status in (403, 404):
            return None
    raise AssertionError("nobody answers")


async def sign_in(device: Device) -> None:
    if not device.client.is_signed_in:
        await device.client.sign_in()
