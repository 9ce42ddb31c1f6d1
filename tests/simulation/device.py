"""A device of a history: a real outbox, client and exchange, which may be killed at any time."""

import shutil
from contextlib import AsyncExitStack, suppress
from itertools import product
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import msgspec

from sync.client import Client, RequestFailed
from sync.document import read_item
from sync.exchange import Exchange
from sync.keys import public_jwk
from sync.messages import Item
from sync.outbox import Outbox, create_outbox, open_outbox
from sync.photos import PART_BYTES, name_of, send_photo
from sync.sign_in import Grant
from sync.states import Answered, Row, Sending, Started
from tests.simulation.network import KilledError, Line, Network
from tests.simulation.provinces import Province
from tests.sync.way import Clock

PAGE_LIMIT: Final = 2


class Killable:
    """An outbox's file that ends the program before a given statement."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.statements_left: int | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    async def execute(self, *arguments: Any) -> Any:
        self._count()
        return await self._file.execute(*arguments)

    async def executemany(self, *arguments: Any) -> Any:
        self._count()
        return await self._file.executemany(*arguments)

    def _count(self) -> None:
        if self.statements_left is not None:
            self.statements_left -= 1
            if self.statements_left < 0:
                raise KilledError


class Device:
    """A phone or program; its clock is the world's plus how wrong it is."""

    def __init__(
        self, name: str, folder: Path, clock: Clock, network: Network, province: Province
    ) -> None:
        self.name = name
        self.path = folder / f"{name}.sqlite"
        self.skew_ms = 0
        self.account_id: UUID | None = None
        self.province = province
        self._clock = clock
        self._url = province.url
        self._line = Line(network, name)
        self.photos: dict[str, bytes] = {}
        self._grant: Grant = "program" if name in ("program", "node") else "phone"
        self._opened = AsyncExitStack()
        self._exchange: Exchange | None = None
        self._outbox: Outbox | None = None
        self.client: Client

    @property
    def outbox(self) -> Outbox:
        assert self._outbox is not None
        return self._outbox

    @property
    def exchange(self) -> Exchange:
        assert self._exchange is not None
        return self._exchange

    @property
    def rows(self) -> list[Row]:
        return list(self.outbox.replica.rows.values())

    def now_ms(self) -> int:
        return self._clock() + self.skew_ms

    async def begin(self, genesis: Path, id: UUID, code: str | None) -> None:
        """Start for the first time: a program with its key, a phone with its registration."""
        if self._grant == "program":
            shutil.copyfile(genesis / self.path.name, self.path)
            await self.open()
            return
        await create_outbox(self.path, self.province.log)
        await self.open()
        self.account_id = id
        jwk = msgspec.to_builtins(public_jwk(self.outbox.key))
        body = {"jwk": jwk, "capacity": "owner", "language": "km", "invitation": code}
        contact = {"contact": {"name": "TEST DATA", "phone": "012000000"}}
        given = {
            "kind": "account",
            "place": self.province.log,
            "id": id,
            "entity": id,
            "body": body,
        }
        await self.outbox.compose(given, contact, now_ms=self.now_ms())

    async def open(self) -> None:
        self._opened = AsyncExitStack()
        outbox = await self._opened.enter_async_context(open_outbox(self.path))
        self._outbox = outbox
        self._outbox._file = cast("Any", Killable(outbox._file))
        client = Client(self._url, outbox.key, self._grant, transport=self._line)
        self.client = await self._opened.enter_async_context(client)
        self._exchange = Exchange(
            outbox, self.client, clock_ms=self.now_ms, chance=lambda: 0.25, page_limit=PAGE_LIMIT
        )

    async def move(self, url: str) -> None:
        """Talk to another address from now on."""
        await self.close()
        self._url = url
        await self.open()

    async def close(self) -> None:
        await self._opened.aclose()

    async def die(self, statements: int, work: Any) -> None:
        """Do some work, be killed before the n-th statement of the outbox, and start again."""
        file = cast("Any", self.outbox._file)
        file.statements_left = statements
        with suppress(KilledError):
            await work
        file.statements_left = None
        await self.close()
        await self.open()

    async def send_photos(self, part_bytes: int = PART_BYTES) -> bool:
        """Send what the register lacks of this device's photos; return False when it must wait."""
        photos = list(self.photos.values())
        return all([await self._send_photo(photo, part_bytes) for photo in photos])

    async def _send_photo(self, photo: bytes, part_bytes: int) -> bool:
        try:
            await send_photo(self.client, photo, part_bytes=part_bytes)
        except RequestFailed:
            return False
        return True

    async def send_photos_and_die(self, messages: int, part_bytes: int) -> None:
        """Send photos, be killed before the n-th message, and start again."""
        self._line.messages_left = messages
        with suppress(KilledError):
            await self.send_photos(part_bytes)
        self._line.messages_left = None
        await self.close()
        await self.open()

    async def stray(self, photos: list[bytes], offset: int) -> None:
        """Send parts of photos from anywhere, as a program with a defect does."""
        for photo, start in product(photos, (0, offset)):
            part = photo[start : start + 50]
            with suppress(RequestFailed):
                await self.client.send_part(name_of(photo), part, start, len(photo))

    async def wake(self) -> None:
        """Let a person press "send now"."""
        await self.outbox.apply(Started(asked=True))

    async def scatter(self, rows: list[Row]) -> None:
        """Send some of what waits, in any order, as parallel connections may."""
        sent = tuple(row.id for row in rows)
        await self.outbox.apply(Sending(ids=sent))
        try:
            answers = await self.exchange._deliver(tuple(rows))
        except RequestFailed as error:
            await self.exchange._fail(error, tuple(rows))
            return
        event = Answered(sent=sent, results=answers, at_ms=self.now_ms(), random=0.25)
        await self.outbox.apply(event)

    async def ask_one_page(self) -> None:
        """Ask for news and go away after the first page."""
        try:
            await self.exchange._pull_page(self.outbox.replica.cursor, 0)
        except RequestFailed as error:
            await self.exchange._fail(error, ())

    async def list_items(self, rows: list[Row]) -> list[Item]:
        """Return what this device holds of these documents."""
        return [read_item(data).item for data in await self.outbox.list_items(rows)]

    async def read_views(self) -> dict[UUID, dict[str, Any]]:
        views = [msgspec.json.decode(view) for view in await self.outbox.list_views()]
        return {UUID(view["id"]): view for view in sorted(views, key=lambda view: view["id"])}
