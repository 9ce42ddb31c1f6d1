"""What people do with photos in a history: they take, name, send, share and lose them."""

from contextlib import suppress
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from api.blobs.records import BLOB_BYTES_MAX
from sync.client import RequestFailed
from sync.photos import PART_BYTES, name_of
from tests.simulation.album import COMINGS, Coming
from tests.simulation.device import Device
from tests.simulation.intruders import Intruders
from tests.simulation.network import ASK, PART, PUSH
from tests.simulation.photo_checks import check_explained
from tests.simulation.photos import name_announced
from tests.simulation.stage import during, picks
from tests.simulation.world import AUTHORS

MIB: Final = 1024 * 1024
SIZES: Final = (100, 250, PART_BYTES)
UNVERIFIED: Final = "b"


class Photographers(Intruders):
    """Rules of photos: the text names one, and its bytes follow when there is time."""

    @during("photos")
    @rule(
        who=picks,
        pick=picks,
        is_shared=st.booleans(),
        fate=picks,
        part_bytes=st.sampled_from(SIZES),
    )
    def photograph(self, who: int, pick: int, is_shared: bool, fate: int, part_bytes: int) -> None:
        """Somebody takes a photo of premises, or has one that another took, or only its name."""
        name = self.who(who, AUTHORS)
        known = sorted(self.world.photos.taken)
        if is_shared and known:
            photo = self.world.photos.taken[known[pick % len(known)]]
        else:
            photo = self.world.photos.take()
        if not is_shared or pick % 2:
            self.device(name).photos[name_of(photo)] = photo
        self.do(self._name(name, pick, name_of(photo)))
        if pick % 3:
            self.send_from(name, 0, PUSH)
            self.send_photos_from(name, fate, part_bytes)

    def send_photos_from(self, name: str, fate: int, part_bytes: int) -> None:
        self.meet(fate, ASK if fate % 5 == 0 else PART)
        self.do(self.device(name).send_photos(part_bytes))
        self.world.network.fates.clear()

    async def _name(self, name: str, pick: int, photo: str | None) -> None:
        """Name a photo in premises that are entered, or in a correction of some."""
        seen = await self._choose(name, pick, is_offline=True) if pick % 3 == 0 else None
        if seen is None or self.world.signed[seen[0]].kind != "premises":
            await self.world.declare(name, pick % 2, 0, photo)
        else:
            await self._amend(name, seen[0], seen[1], {"photo": photo})

    async def _amend(self, name: str, entity: Any, base: Any, change: dict[str, Any]) -> None:
        place, grant = self.world.signed[entity].place, await self._grant_for(name, entity)
        given = {"entity": entity, "base": base, "after": [base, *grant]}
        await self.world.sign(name, "premises", change, place=place, **given)

    @during("photos")
    @rule(who=picks, pick=picks)
    def leave_out(self, who: int, pick: int) -> None:
        """Premises name no photo any more, whatever phone and register have of it."""
        self.do(self._leave_out(self.photographer(who).name, pick))

    async def _leave_out(self, name: str, pick: int) -> None:
        seen = await self._choose(name, pick, is_offline=False)
        if seen is not None and self.world.signed[seen[0]].kind == "premises":
            await self._amend(name, seen[0], seen[1], {"photo": None})

    @during("photos")
    @rule(who=picks, messages=st.integers(1, 9))
    def abandon(self, who: int, messages: int) -> None:
        """A phone begins to send a photo that nothing names, and has it no more."""
        device = self.device(self.who(who, AUTHORS))
        photo = self.world.photos.take()
        device.photos[name_of(photo)] = photo
        self.do(device.send_photos_and_die(messages, SIZES[0]))
        del device.photos[name_of(photo)]

    def photographer(self, who: int) -> Device:
        """Return somebody's device with a photo at least that the register has not taken yet."""
        device = self.device(self.who(who, AUTHORS))
        if not self.world.photos.list_lacking(device.name, device.photos):
            photo = self.world.photos.take()
            device.photos[name_of(photo)] = photo
            self.do(self._name(device.name, who, name_of(photo)))
            self.do(device.exchange.send())
        return device

    @during("photos")
    @rule(who=picks, pick=picks, fate=picks, part_bytes=st.sampled_from(SIZES))
    def send_photos(self, who: int, pick: int, fate: int, part_bytes: int) -> None:
        """A phone sends photos in parts; it may be killed, or send what nobody waits for."""
        device = self.photographer(who)
        if "kill" in self.swarm and pick % 2:
            self.do(device.send_photos_and_die(pick // 3, part_bytes))
        if "disorder" in self.swarm:
            lacking = self.world.photos.list_lacking(device.name, device.photos)
            self.do(device.stray([device.photos[name] for name in lacking], pick * 10))
        self.send_photos_from(device.name, fate, part_bytes)

    @during("kill")
    @during("photos")
    @rule(who=picks, writes=st.integers(1, 3), is_written=st.booleans())
    def kill_register(self, who: int, writes: int, is_written: bool) -> None:
        """The register is killed while a phone sends photos, and starts again."""
        device = self.photographer(who)
        self.do(device.exchange.run_once())
        work = device.send_photos(SIZES[-1 - who % 2])
        self.do(self.world.server.die(writes, work, is_written=is_written))
        self.do(check_explained(self.world))

    @during("restore")
    @during("photos")
    @rule(who=picks, messages=st.integers(2, 9), coming=st.sampled_from(COMINGS))
    def restore_photos(self, who: int, messages: int, coming: Coming) -> None:
        """A copy is taken while a phone sends photos, and comes back with its files or without."""
        device = self.photographer(who)
        self.do(device.send_photos_and_die(messages, SIZES[0]))
        self.do(self.world.server.copy())
        self.do(device.send_photos())
        self.do(self.world.restore(-1, coming))

    @during("photos")
    @rule(pick=picks)
    def announce(self, pick: int) -> None:
        """Somebody who is not verified announces more than he may have, and sends none of it."""
        self.do(self._announce(self.device(UNVERIFIED), pick))

    async def _announce(self, device: Device, pick: int) -> None:
        sizes = (BLOB_BYTES_MAX, BLOB_BYTES_MAX, BLOB_BYTES_MAX, MIB, 1)
        with suppress(RequestFailed):
            if not device.client.is_signed_in:
                await device.client.sign_in()
            for number, size in enumerate(sizes):
                name = name_announced(pick % 3 * len(sizes) + number)
                await device.client.send_part(name, b"x"[: size - 1], 0, size)
