"""What people do with photos in a history: they take, name, send, share and lose them."""

from contextlib import suppress
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from api.blobs.records import BLOB_BYTES_MAX
from sync.client import RequestFailed
from sync.photos import PART_BYTES, name_of
from tests.simulation.device import Device
from tests.simulation.intruders import Intruders
from tests.simulation.network import ASK, PART
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
    @rule(who=picks, pick=picks, is_shared=st.booleans(), is_sent=st.booleans())
    def photograph(self, who: int, pick: int, is_shared: bool, is_sent: bool) -> None:
        """Somebody takes a photo of premises, or has one that another took, or only its name."""
        name = self.who(who, AUTHORS)
        device = self.device(name)
        known = sorted(self.world.photos.taken)
        if is_shared and known:
            photo = self.world.photos.taken[known[pick % len(known)]]
        else:
            photo = self.world.photos.take()
        if not is_shared or pick % 2:
            device.photos[name_of(photo)] = photo
        self.do(self._name(name, pick, name_of(photo)))
        if is_sent:
            self.do(device.exchange.send())
            self.do(device.send_photos())

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
    @rule(who=picks, pick=picks, is_kept=st.booleans())
    def leave_out(self, who: int, pick: int, is_kept: bool) -> None:
        """Premises name no photo any more, or a phone no longer has one."""
        name = self.who(who, AUTHORS)
        photos = self.device(name).photos
        if not is_kept and photos:
            del photos[sorted(photos)[pick % len(photos)]]
        if is_kept:
            self.do(self._leave_out(name, pick))

    async def _leave_out(self, name: str, pick: int) -> None:
        seen = await self._choose(name, pick, is_offline=False)
        if seen is not None and self.world.signed[seen[0]].kind == "premises":
            await self._amend(name, seen[0], seen[1], {"photo": None})

    @during("photos")
    @rule(
        who=picks,
        fate=picks,
        way=st.sampled_from([ASK, PART, PART]),
        part_bytes=st.sampled_from(SIZES),
        messages=st.integers(0, 12),
    )
    def send_photos(self, who: int, fate: int, way: str, part_bytes: int, messages: int) -> None:
        """A phone sends photos in parts and may be killed meanwhile; one message meets a fate."""
        device = self.photographer(who)
        self.meet(fate, way)
        if "kill" in self.swarm and messages < 8:
            self.do(device.send_photos_and_die(messages, part_bytes))
        else:
            self.do(device.send_photos(part_bytes))
        self.world.network.fates.clear()

    def photographer(self, who: int) -> Device:
        """Return somebody's device with a photo at least."""
        device = self.device(self.who(who, AUTHORS))
        if not device.photos:
            photo = self.world.photos.take()
            device.photos[name_of(photo)] = photo
            self.do(self._name(device.name, who, name_of(photo)))
            self.do(device.exchange.send())
        return device

    @during("kill")
    @during("photos")
    @rule(who=picks, writes=st.integers(0, 9), part_bytes=st.sampled_from(SIZES))
    def kill_register(self, who: int, writes: int, part_bytes: int) -> None:
        """The register is killed while a phone sends photos, and starts again."""
        device = self.photographer(who)
        self.do(self.world.server.die(writes, device.send_photos(part_bytes)))
        self.do(check_explained(self.world))

    @during("disorder")
    @during("photos")
    @rule(who=picks, pick=picks)
    def stray(self, who: int, pick: int) -> None:
        """A part of a photo comes that nobody waits for."""
        device = self.photographer(who)
        photo = device.photos[sorted(device.photos)[pick % len(device.photos)]]
        self.do(device.stray(photo, pick * 10))

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
