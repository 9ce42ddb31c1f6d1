"""A process full of phones that declare what was left undone before a deadline; TEST DATA.

Each owner's phone has a real outbox and is opened for a few sittings only, as an app is. One
process cannot sign and send for a province, so that several share its people.
"""

import asyncio
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
from msgspec import Struct

from sync.client import Client
from sync.outbox import create_outbox, open_outbox
from tests.faults.devices import Device, DeviceClock
from tests.faults.history import History
from tests.faults.way import Way, Weather
from tests.makers import LOG, make_signer

PUSH = "/v1/sync/push"
# Whom somebody declares before the phone has sent the first of them.
_AT_ONCE = 2


class Person(Struct, frozen=True):
    """A stay as it is signed, but for the premises."""

    body: dict[str, Any]
    disclosed: dict[str, Any]


class Home(Struct, frozen=True):
    """An owner's premises, and who is declared when, in seconds from the start."""

    place: str
    body: dict[str, Any]
    contact: dict[str, Any]
    sittings: tuple[tuple[float, tuple[Person, ...]], ...]


class Share(Struct, frozen=True):
    """What one process does: whose phones, and what they pledge."""

    url: str
    begins_at: float
    pledge: dict[str, Any]
    homes: tuple[Home, ...]


class Told(Struct, frozen=True):
    """What one process saw."""

    saved: Mapping[UUID, str]
    promised: Mapping[UUID, Sequence[str]]
    keys: Mapping[str, Any]
    answers: Mapping[str, int]
    push_seconds: Sequence[float]
    unfinished: int


class TimedWay(Way):
    """Measures how long pushes take."""

    def __init__(self, history: History, weather: Weather, seconds: list[float]) -> None:
        super().__init__(history, weather, httpx.AsyncHTTPTransport(verify=False))
        self._seconds = seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        began = time.monotonic()
        response = await super().handle_async_request(request)
        if request.url.path == PUSH and response.is_success:
            self._seconds.append(time.monotonic() - began)
        return response


class Crowd:
    """The phones of one process."""

    def __init__(self, folder: Path, share: Share) -> None:
        self.history = History()
        self.push_seconds: list[float] = []
        self.unfinished = 0
        self._folder = folder
        self._share = share
        self._weather = Weather(seed=0)

    async def run(self) -> None:
        """Let everybody live through their sittings, or until SIGTERM."""
        living = asyncio.current_task()
        assert living is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, living.cancel)
        async with asyncio.TaskGroup() as tasks:
            for number, home in enumerate(self._share.homes):
                tasks.create_task(self._live(number, home))

    async def _live(self, number: int, home: Home) -> None:
        path = self._folder / f"{number:05d}.sqlite3"
        await create_outbox(path, LOG)
        premises_id: UUID | None = None
        for at, people in home.sittings:
            await asyncio.sleep(max(0.0, self._share.begins_at + at - time.time()))
            premises_id = await self._sit(path, home, people, premises_id)

    async def _sit(
        self, path: Path, home: Home, people: Sequence[Person], premises_id: UUID | None
    ) -> UUID:
        """Open the phone, declare some people one after the other, wait until it is confirmed."""
        way = TimedWay(self.history, self._weather, self.push_seconds)
        self.unfinished += 1
        async with (
            open_outbox(path) as outbox,
            Client(self._share.url, outbox.key, transport=way) as client,
        ):
            device = Device(path.stem, outbox, client, DeviceClock(0, 1.0))
            device.premises_id = premises_id or await self._begin(device, home)
            for first in range(0, len(people), _AT_ONCE):
                for person in people[first : first + _AT_ONCE]:
                    await self._declare(device, home, person)
                await device.exchange_once()
            if people == home.sittings[-1][1]:
                await self._pledge(device, home)
            await device.finish()
        self.unfinished -= 1
        return device.premises_id

    async def _begin(self, device: Device, home: Home) -> UUID:
        await device.save_account(self.history)
        disclosed = {"contact": home.contact}
        row = await device.save(self.history, "premises", home.body, disclosed, place=home.place)
        return row.id

    async def _declare(self, device: Device, home: Home, person: Person) -> None:
        body = {**person.body, "premises_id": str(device.premises_id)}
        where = {"place": home.place, "after": [device.premises_id]}
        await device.save(self.history, "stay", body, person.disclosed, **where)

    async def _pledge(self, device: Device, home: Home) -> None:
        body = {**self._share.pledge, "premises_id": str(device.premises_id)}
        signer = {"identity": make_signer()}
        where = {"place": home.place, "after": [device.premises_id]}
        await device.save(self.history, "pledge", body, signer, **where)

    def tell(self) -> Told:
        """Return what the others' histories are joined with."""
        history = self.history
        return Told(
            saved=history.saved,
            promised={id: sorted(receipts) for id, receipts in history.promised.items()},
            keys=history.keys,
            answers={f"{status} {path}": n for (path, status), n in history.answers.items()},
            push_seconds=self.push_seconds,
            unfinished=self.unfinished,
        )


def run_crowd(arguments: list[str]) -> int:
    """Do the share in a folder, and leave there what was seen."""
    folder = Path(arguments[0])
    share = msgspec.json.decode((folder / "share.json").read_bytes(), type=Share)
    crowd = Crowd(folder, share)
    with suppress(asyncio.CancelledError):
        asyncio.run(crowd.run())
    (folder / "told.json").write_bytes(msgspec.json.encode(crowd.tell()))
    return 0
