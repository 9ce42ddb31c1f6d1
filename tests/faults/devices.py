"""Phones with real outboxes that declare stays while the register fails; TEST DATA throughout."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import httpx
import msgspec

from sync.client import Client
from sync.exchange import Exchange
from sync.keys import public_jwk
from sync.outbox import Outbox, create_outbox, open_outbox
from tests import makers
from tests.faults.history import History
from tests.faults.way import Way, Weather, open_way
from tests.makers import LOG, SANGKAT_4

YEAR_MS = 365 * 86_400_000
# One phone is right, one is two years late, one runs eleven minutes fast.
SKEWS_MS = (0, -2 * YEAR_MS, 11 * 60_000)
_POLL_SECONDS = 0.02


class DeviceClock:
    """A phone's clock: wrong by `skew_ms`, and `pace` times as fast, so that waits are short."""

    def __init__(self, skew_ms: int, pace: float) -> None:
        self._began = time.monotonic()
        self._start_ms = time.time_ns() // 1_000_000 + skew_ms
        self._pace = pace

    def move(self, seconds: int) -> None:
        """Let so much time pass on the phone at once."""
        self._start_ms += seconds * 1000

    def __call__(self) -> int:
        return self._start_ms + round((time.monotonic() - self._began) * 1000 * self._pace)


class Device:
    """One owner's phone."""

    def __init__(self, name: str, outbox: Outbox, client: Client, clock: DeviceClock) -> None:
        self.name = name
        self.outbox = outbox
        self.client = client
        self.clock = clock
        self.exchange = Exchange(outbox, client, clock_ms=clock)
        self.premises_id: UUID | None = None
        self._stays_count = 0

    @property
    def states(self) -> list[str]:
        return [row.state for row in self.outbox.replica.rows.values()]

    @property
    def is_done(self) -> bool:
        """Whether everything on the phone is confirmed."""
        return set(self.states) == {"confirmed"}

    async def save_account(self, history: History) -> None:
        """Save the registration; nothing is sent yet."""
        jwk = msgspec.to_builtins(public_jwk(self.outbox.key))
        body = {"jwk": jwk, "capacity": "owner", "language": "km"}
        await self.save(history, "account", body, {"contact": makers.make_contact()}, place=LOG)

    async def register(self, history: History) -> None:
        """Save the registration and the premises; nothing is sent yet."""
        await self.save_account(history)
        contact = {"owner": {"name": f"TEST DATA {self.name}"}}
        row = await self.save(history, "premises", makers.make_premises(), {"contact": contact})
        self.premises_id = row.id

    async def save_stay(self, history: History, id: UUID | None = None) -> None:
        """Save one stay of somebody with a document of their own, under an id perhaps."""
        assert self.premises_id is not None, "premises are registered first"
        self._stays_count += 1
        number = f"TEST{self.name}{self._stays_count:05d}"
        disclosed = {
            "identity": makers.make_identity(secondary=f"TEST {self.name} {self._stays_count}"),
            "document": makers.make_document(number),
        }
        body = makers.make_stay(self.premises_id)
        named = {"id": id, "entity": id} if id else {}
        await self.save(history, "stay", body, disclosed, after=[self.premises_id], **named)

    async def exchange_once(self) -> None:
        """Send and ask once, or wait a moment where the phone's own rules say that it must."""
        if not await self.exchange.run_once():
            await asyncio.sleep(_POLL_SECONDS)

    async def finish(self) -> None:
        """Go on until everything is confirmed."""
        while not self.is_done:
            await self.exchange_once()

    async def save(
        self, history: History, kind: str, body: Any, disclosed: Any, **frame: Any
    ) -> Any:
        """Save a document and note it; nothing is sent yet."""
        payload = {"kind": kind, "place": SANGKAT_4, "body": body, **frame}
        row = await self.outbox.compose(payload, disclosed, now_ms=self.clock())
        history.note_saved(row)
        return row


@asynccontextmanager
async def open_device(path: Path, url: str, way: Way, clock: DeviceClock) -> AsyncGenerator[Device]:
    """Open a phone's outbox, making it when it is new."""
    if not await asyncio.to_thread(path.exists):
        await create_outbox(path, LOG)
    async with open_outbox(path) as outbox, Client(url, outbox.key, transport=way) as client:
        yield Device(path.stem, outbox, client, clock)


class Fleet:
    """Phones that share one history and one weather."""

    def __init__(
        self,
        folder: Path,
        url: str,
        weather: Weather,
        *,
        pace: float = 1.0,
        pause_seconds: float = 0.0,
        few: int = 3,
    ) -> None:
        """Let clocks run `pace` times as fast, and owners rest up to `pause_seconds`.

        So many stays at most are saved before they are sent.
        """
        self.history = History()
        self.weather = weather
        #: Makes the way on which a new phone's requests go.
        self.inner: Callable[[], httpx.AsyncHTTPTransport] = open_way
        self.devices: list[Device] = []
        self._folder = folder
        self._url = url
        self._pace = pace
        self._pause_seconds = pause_seconds
        self._few = few
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def add(self, count: int) -> Sequence[Device]:
        """Add new phones that have registered themselves and their premises, unsent."""
        added: list[Device] = []
        for _ in range(count):
            number = len(self.devices)
            clock = DeviceClock(SKEWS_MS[number % len(SKEWS_MS)], self._pace)
            way = Way(self.history, self.weather, self.inner())
            path = self._folder / f"P{number:02d}.sqlite3"
            opening = open_device(path, self._url, way, clock)
            device = await self._stack.enter_async_context(opening)
            await device.register(self.history)
            self.devices.append(device)
            added.append(device)
        return added

    async def declare(self, stays_each: int, devices: Sequence[Device] | None = None) -> None:
        """Let every phone save stays a few at a time and send them between."""
        chance = random.Random(stays_each)

        async def declare_all(device: Device) -> None:
            left = stays_each
            while left:
                few = min(left, chance.randint(1, self._few))
                for _ in range(few):
                    await device.save_stay(self.history)
                left -= few
                await device.exchange_once()
                await asyncio.sleep(chance.random() * self._pause_seconds)

        await self._each(declare_all, devices)

    async def declare_and_finish(self, stays_each: int) -> None:
        """Let every phone declare stays, then go on until they are confirmed."""
        await self.declare(stays_each)
        await self.finish()

    async def finish(self, devices: Sequence[Device] | None = None) -> None:
        """Go on until every phone has everything confirmed."""
        await self._each(Device.finish, devices)

    def list_receipts(self) -> dict[UUID, str]:
        """Return the receipts that the phones keep; a registration has none."""
        rows = [row for device in self.devices for row in device.outbox.replica.rows.values()]
        return {row.id: row.receipt for row in rows if row.receipt is not None}

    async def _each(
        self, act: Callable[[Device], Awaitable[None]], devices: Sequence[Device] | None
    ) -> None:
        async def run(device: Device) -> None:
            await act(device)

        async with asyncio.TaskGroup() as tasks:
            for device in self.devices if devices is None else devices:
                tasks.create_task(run(device))
