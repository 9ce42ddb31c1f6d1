"""Two provinces in a history: a program follows both with one key, and mixes their addresses up."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from sync.client import RequestFailed
from sync.messages import PullRequest
from tests.simulation.device import Device
from tests.simulation.office import Office
from tests.simulation.stage import during
from tests.simulation.world import World
from tests.sync.way import Clock

REFUSED = (410, 401)
TRIES = 8
WAIT_MS = 400_000


class Abroad(Office):
    """Rules of the program in both registers; it has an outbox for each log."""

    @during("abroad")
    @rule(stays=st.integers(0, 2), is_sent=st.booleans())
    def declare_abroad(self, stays: int, is_sent: bool) -> None:
        """The program enters somebody in the other province."""
        far = self.worlds[-1]
        self.do(far.declare("program", 0, stays))
        if is_sent:
            self.do(self.do(far.device("program")).exchange.run_once())

    @during("abroad")
    @rule(is_far=st.booleans(), is_asked=st.booleans())
    def lose_the_way(self, is_far: bool, is_asked: bool) -> None:
        """The program sends, or asks, at the wrong register, and is told where it belongs."""
        own, other = reversed(self.worlds) if is_far else self.worlds
        self.do(self._lose_the_way(own, other, is_asked=is_asked))

    async def _lose_the_way(self, own: World, other: World, *, is_asked: bool) -> None:
        device = await own.device("program")
        await own.declare("program", 0, 1)
        await device.move(other.province.url)
        try:
            await self._ask_the_way(device, own, other, is_asked=is_asked)
        finally:
            await device.move(own.province.url)

    async def _ask_the_way(
        self, device: Device, own: World, other: World, *, is_asked: bool
    ) -> None:
        if is_asked:
            await device.wake()
            await device.exchange.pull()
        before = [row.state for row in device.rows]
        await send_until_told(device, own.clock)
        assert device.outbox.replica.link.moved_to == own.province.url, "nobody says where"
        assert [row.state for row in device.rows] == before, "the wrong register answered"
        seen = await device.read_views()
        assert not set(seen) & set(other.signed), "what is of the other province"

    @during("abroad")
    @rule()
    def swap_cursors(self) -> None:
        """Neither register takes a cursor of the other."""
        self.do(self._swap_cursors())

    async def _swap_cursors(self) -> None:
        home, far = [await world.device("program") for world in self.worlds]
        await refuse_cursor(home, far.outbox.replica.cursor)
        await refuse_cursor(far, home.outbox.replica.cursor)


async def refuse_cursor(device: Device, cursor: str | None) -> None:
    if cursor is None or not device.client.is_signed_in:
        return
    status: int | None = None
    try:
        await device.client.pull(PullRequest(cursor=cursor))
    except RequestFailed as error:
        status = error.status
    assert status in REFUSED, "a cursor of another log is taken"


async def send_until_told(device: Device, clock: Clock) -> None:
    """Send in batches as small as the way allows, until the register answers."""
    await device.wake()
    for _ in range(TRIES):
        await device.exchange.send()
        if device.outbox.replica.link.moved_to is not None:
            return
        # Not woken again: that would forget how small a batch has to be.
        clock.ms += WAIT_MS
