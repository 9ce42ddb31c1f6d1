"""The world of one history: a register, six devices, a network, and all that was ever signed."""

import asyncio
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from sync.messages import Item
from sync.states import Row
from tests.makers import make_premises, make_stay
from tests.simulation.album import Coming
from tests.simulation.device import Device
from tests.simulation.network import Network, Said
from tests.simulation.photos import Photos
from tests.simulation.provinces import HOME, Province
from tests.simulation.server import (
    START_MS,
    Genesis,
    Server,
    make_genesis,
)
from tests.simulation.storage import Storage, working_folder
from tests.simulation.values import Values, read_values
from tests.sync.way import Clock

OWNERS: Final = ("a1", "a2", "b")
AUTHORS: Final = (*OWNERS, "program")
NAMES: Final = (*AUTHORS, "officer", "node")
MONTH_MS: Final = 31 * 86_400_000
UNVERIFIED_PREMISES_MAX: Final = 3
Quality = Literal["good", "poison", "newer"]


class Signed(Struct, frozen=True):
    """A document that somebody signed in this history."""

    by: str
    kind: str
    entity: UUID
    place: str
    rests_on: frozenset[UUID]
    quality: Quality
    item: Item


class Ended(Struct, frozen=True):
    """Why and when somebody's key ended."""

    reason: str
    at_ms: int


class World:
    """Everything that a history acts on; every method leaves it between two events."""

    def __init__(
        self, kind: type[Storage], province: Province = HOME, clock: Clock | None = None
    ) -> None:
        self.province = province
        self._folder = working_folder()
        self.folder = Path(self._folder.name)
        self.genesis = genesis(kind, province)
        storage = kind(self.folder / "register", self.genesis.storage.settings)
        self.clock = clock or Clock(START_MS)
        self.server = Server(storage, self.clock)
        self.photos = Photos(self.clock)
        self.network = Network(self.server.transport, self.hear, self.photos)
        self.devices: dict[str, Device] = {}
        self.signed: dict[UUID, Signed] = {}
        self.grants: dict[UUID, UUID] = {}
        self.promised: dict[str, str] = {}
        self.held: dict[str, str] = {}
        self.revoked: dict[str, Ended] = {}
        self.values = Values()
        self.expired: set[UUID] = set()
        self.lost: set[UUID] = set()
        self.judged: set[UUID] = set()
        self._numbers = 0

    def next_id(self) -> UUID:
        """Return ids that are the same in every run of a history."""
        self._numbers += 1
        return UUID(f"01835a10-0000-7000-800{self.province.number}-{self._numbers:012d}")

    async def open(self) -> None:
        await self.server.storage.begin(self.genesis.storage)
        await self.server.open()
        await self.server.copy()

    async def close(self) -> None:
        for device in self.devices.values():
            await device.close()
        await self.server.close()
        await self.server.storage.end()
        self._folder.cleanup()

    async def device(self, name: str) -> Device:
        """Return a device, which begins when it is first needed."""
        if name not in self.devices:
            device = Device(name, self.folder, self.clock, self.network, self.province)
            await device.begin(self.genesis.folder, self.next_id(), self.genesis.codes.get(name))
            self.devices[name] = device
            if device.account_id is not None:
                [item] = await device.list_items(device.rows)
                id = device.account_id
                self.signed[id] = Signed(
                    name, "account", id, self.province.log, frozenset(), "good", item
                )
        return self.devices[name]

    async def sign(
        self,
        name: str,
        kind: str,
        body: dict[str, Any],
        *,
        place: str,
        quality: Quality = "good",
        **payload: Any,
    ) -> UUID:
        """Let a device compose a document, whatever its clock says."""
        device = await self.device(name)
        id = self.next_id()
        given = {"kind": kind, "place": place, "id": id, "entity": id, "body": body} | payload
        row = await device.outbox.compose(given, disclosed_of(kind), now_ms=device.now_ms())
        [item] = await device.list_items([row])
        needs = {*given.get("after", ()), given.get("base") or id, *named_in(body)} - {id}
        self.signed[id] = Signed(
            name, kind, given["entity"], place, frozenset(needs), quality, item
        )
        return id

    async def declare(self, name: str, commune: int, stays: int, photo: str | None = None) -> None:
        """Premises, who lives there, and for the first owner a grant to the manager."""
        own = [one for one in self.signed.values() if (one.by, one.kind) == (name, "premises")]
        if name == "b" and len(own) >= UNVERIFIED_PREMISES_MAX:
            return
        named = {} if photo is None else {"photo": photo}
        place = self.province.communes[commune if name != "program" else 0]
        premises_id = await self.sign(name, "premises", make_premises(**named), place=place)
        for _ in range(stays):
            stay = make_stay(premises_id)
            await self.sign(name, "stay", stay, place=place, after=[premises_id])
        if name == "a1":
            manager = (await self.device("a2")).account_id
            body = {"account_id": manager, "role": "owner", "premises_id": premises_id}
            self.grants[premises_id] = await self.sign(
                name, "grant", body, place=place, after=[premises_id]
            )

    async def relay(self, name: str, rows: list[Row], *, is_bare: bool = False) -> None:
        """Hand documents over to the post, which sends them too; bare, without personal values."""
        phone, node = await self.device(name), await self.device("node")
        documents = [row for row in rows if row.kind != "account"]
        for item in await phone.list_items(documents):
            await node.outbox.carry(replace(item, disclosures=None) if is_bare else item)

    async def revoke(self, name: str, reason: str) -> None:
        """End a key, whether the register knows it, has lost its registration, or never had it."""
        self.revoked[name] = Ended(reason, self.clock.ms)
        await self.server.revoke((await self.device(name)).outbox.replica.kid, reason)
        self.revoked = await self._read_revoked()

    async def erase(self, id: UUID, name: str) -> None:
        """Erase a personal value for ever."""
        await self.server.erase(id, name)
        self.values.erased.add((id, name))

    async def pass_a_month(self) -> None:
        """Let thirty-one days go by: what still waits has its final answer."""
        self.expired |= {UUID(id) for id in self.held}
        self.clock.ms += MONTH_MS
        await self.server.expire()

    async def restore(self, number: int, coming: Coming) -> None:
        """Put back a copy: what it does not hold was lost, and no longer promised."""
        before = await self._read_receipts()
        await self.server.restore(number, coming)
        self.photos.said.clear()
        receipts = await self._read_receipts()
        self.lost |= {UUID(id) for id in set(before) - set(receipts)}
        async with self.server.register.engine.reading() as tx:
            waiting = await tx.all("SELECT id FROM backlog UNION SELECT id FROM refusals")
            self.values = await read_values(tx)
        kept = {str(UUID(bytes=id)) for (id,) in waiting} | set(receipts)
        self.promised = {
            id: receipt for id, receipt in self.promised.items() if receipts.get(id) == receipt
        }
        self.held = {id: digest for id, digest in self.held.items() if id in kept}
        self.revoked = await self._read_revoked()

    async def _read_receipts(self) -> dict[str, str]:
        async with self.server.register.engine.reading() as tx:
            logged = await tx.all("SELECT id, receipt FROM entries")
        return {str(UUID(bytes=id)): receipt for id, receipt in logged}

    async def _read_revoked(self) -> dict[str, Ended]:
        """Return whose key the register knows to have ended."""
        async with self.server.register.engine.reading() as tx:
            rows = await tx.all(
                "SELECT kid, revocation_reason, revoked_ms FROM devices"
                " WHERE revoked_ms IS NOT NULL UNION"
                " SELECT kid, revocation_reason, revoked_ms FROM early_revocations"
            )
        ended = {kid: Ended(reason, at_ms) for kid, reason, at_ms in rows}
        kids = {name: device.outbox.replica.kid for name, device in self.devices.items()}
        return {name: ended[kid] for name, kid in kids.items() if kid in ended}

    def hear(self, sent: list[Item], results: Said) -> None:
        """Remember what the register promised, and that it never promises the same twice over."""
        for item, result in zip(sent, results, strict=True):
            if result["custody"] in ("stored", "duplicate", "held"):
                self.values.bring(UUID(result["id"]), item)
            id, receipt = str(result.get("id")), str(result.get("receipt"))
            if result["custody"] in ("stored", "duplicate"):
                assert self.promised.setdefault(id, receipt) == receipt, "another receipt"
                self.held.pop(id, None)
            if result["custody"] == "held":
                self.held[id] = result["hash"]


def disclosed_of(kind: str) -> dict[str, dict[str, Any]] | None:
    if kind != "stay":
        return None
    return {"identity": {"primary": "TEST", "secondary": "DATA", "born_on": "unknown"}}


def named_in(body: dict[str, Any]) -> set[UUID]:
    return {UUID(str(body[name])) for name in ("premises_id", "account_id") if name in body}


@lru_cache(maxsize=4)
def _genesis(
    kind: type[Storage], province: Province
) -> "tuple[tempfile.TemporaryDirectory[str], Genesis]":
    folder = working_folder()
    return folder, asyncio.run(make_genesis(kind, province, Path(folder.name)))


def genesis(kind: type[Storage], province: Province) -> Genesis:
    """Return what every history starts from; the folder lives as long as the process."""
    return _genesis(kind, province)[1]
