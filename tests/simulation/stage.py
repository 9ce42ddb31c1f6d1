"""What every rule of a history stands on: its world, its people and the faults it may meet."""

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, Final

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition

from tests.simulation import checks, healing, photo_healing
from tests.simulation.device import Device
from tests.simulation.network import FATES, PUSH
from tests.simulation.provinces import FAR
from tests.simulation.storage import SqliteStorage, Storage
from tests.simulation.world import NAMES, World

FAULTS: Final = (
    *FATES,
    "disorder",
    "narrow",
    "poison",
    "reuse",
    "relay",
    "kill",
    "skew",
    "restore",
    "revoke",
    "erase",
    "age",
    "abroad",
    "photos",
)
SENDING: Final = (PUSH, PUSH, PUSH, "/v1/devices", "/oauth/token")
PULL: Final = "/v1/sync/pull"
STEP_MS: Final = 3_000
HOUR_MS: Final = 3_600_000

picks = st.integers(0, 30)
masks = st.integers(1, 2 ** len(FAULTS) - 1)


def choose(names: tuple[str, ...], mask: int) -> list[str]:
    """Return the names whose bits are set: each is there in half of the histories."""
    return [name for bit, name in enumerate(names) if mask >> bit & 1]


def during(fault: str) -> Callable[[Any], Any]:
    """Let a rule run only in histories that have this fault (swarm testing)."""
    return precondition(lambda history: fault in history.swarm)


class Stage(RuleBasedStateMachine):
    """The world of one history with its checks; the rules are in people.py and faults.py."""

    forced: ClassVar[frozenset[str]] = frozenset()
    storage: ClassVar[type[Storage]] = SqliteStorage

    def __init__(self) -> None:
        super().__init__()
        self.swarm: set[str] = set()
        self.cast: list[str] = ["a1"]
        self.runner = asyncio.Runner()
        self.world = World(self.storage)
        self.is_changed = True
        self.is_month_over = False
        self.worlds = [self.world]
        self.do(self.world.open())

    def do(self, work: Any) -> Any:
        self.is_changed = True
        return self.runner.run(work)

    def device(self, name: str) -> Device:
        return self.do(self.world.device(name))

    @initialize(faults=masks, cast=masks, is_settled=st.booleans())
    def begin(self, faults: int, cast: int, is_settled: bool) -> None:
        """Choose faults and people; the history may begin with an entry that all have seen."""
        is_focused = self.forced and faults % 2
        self.swarm = {*self.forced, *(() if is_focused else choose(FAULTS, faults))}
        self.cast = ["a1", *choose(NAMES[1:], cast)]
        if "abroad" in self.swarm:
            self.open_far()
        if is_settled:
            self.do(self.world.declare("a1", 0, 1))
            for name in ("a1", *self.cast):
                self.connect(name)

    def open_far(self) -> None:
        """Open the register of another province; each network leads to the other."""
        far = World(self.storage, FAR, self.world.clock)
        self.worlds.append(far)
        self.do(far.open())
        for world, other in ((self.world, far), (far, self.world)):
            world.network.others[httpx.URL(other.province.url).host] = other.network

    def who(self, pick: int, among: tuple[str, ...] = NAMES) -> str:
        """Return somebody of this history."""
        people = [name for name in self.cast if name in among]
        return people[pick % len(people)]

    def send_from(self, name: str, fate: int, path: str) -> None:
        self.meet(fate, path)
        self.do(self.device(name).exchange.send())
        self.world.network.fates.clear()

    def meet(self, fate: int, path: str) -> None:
        """Let the next message to a path meet one of this history's fates, or none."""
        self.world.clock.ms += STEP_MS
        fates = ["", *(name for name in FATES if name in self.swarm)]
        self.world.network.fates = {path: fates[fate % len(fates)]}

    def connect(self, name: str) -> None:
        device = self.device(name)
        for _ in range(2):
            self.do(device.wake())
            self.do(device.exchange.run_once())
            self.world.clock.ms += STEP_MS

    @invariant()
    def everything_holds(self) -> None:
        if self.is_changed:
            for world in self.worlds:
                self.runner.run(checks.check_everything(world))
            self.is_changed = False

    def teardown(self) -> None:
        try:
            for world in self.worlds:
                self.do(self._come_right(world))
        finally:
            for world in self.worlds:
                self.runner.run(world.close())
            self.runner.close()

    async def _come_right(self, world: World) -> None:
        await healing.heal(world)
        await checks.check_everything(world)
        await healing.check_converged(world)
        await photo_healing.heal_photos(world)
        await healing.check_folded_anew(world)
        if "age" in self.swarm:
            await healing.check_aged(world)
