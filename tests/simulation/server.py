"""The real register of a history, with what may happen to it: copies, restores, time."""

from contextlib import AsyncExitStack, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from litestar import Litestar
from msgspec import Struct
from msgspec.structs import replace

from api.app import create_app, furnish, open_register
from api.blobs.keeping import expire, sweep
from api.invitations.rules import invite
from api.invitations.store import record_invitation
from api.ledger import backlog_store
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.register import Register
from api.settings import Settings
from sync.document import read_document
from sync.instants import write_instant
from sync.keys import new_private_key
from sync.outbox import create_outbox, open_outbox
from tests.simulation.album import Album, Coming
from tests.simulation.network import KilledError
from tests.simulation.provinces import PROVINCES, Province
from tests.simulation.storage import Storage
from tests.sync.way import URL, Clock, enrol_program

START_MS: Final = 1_663_643_465_123
LASTING_MS: Final = 400 * 86_400_000
PROGRAMS: Final = {
    "program": ["registrations:write", "registrations:read"],
    "node": ["relay", "registrations:read"],
}


class Genesis(Struct, frozen=True):
    """A founded register that every history starts from a copy of, with codes for its people."""

    folder: Path
    storage: Storage
    codes: dict[str, str]


class Server:
    """A register with what may happen to it."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self.storage = storage
        self.clock = clock
        self.album = Album(storage.settings, clock)
        self._opened = AsyncExitStack()
        self._register: Register | None = None
        self._app = application(storage.settings.log)

    @property
    def register(self) -> Register:
        assert self._register is not None
        return self._register

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(cast("Any", self._app))

    async def open(self) -> None:
        opening = open_register(self.storage.settings, self.clock)
        self._register = await self._opened.enter_async_context(opening)
        furnish(self._app, self._register)

    async def close(self) -> None:
        await self._opened.aclose()

    async def copy(self) -> None:
        await self.storage.copy(self.register)
        self.album.copy()

    async def restore(self, number: int, coming: Coming) -> None:
        """Put a copy back; the operator says that the clock, ahead of an old one, is right."""
        await self.close()
        await self.storage.restore(number)
        await self.album.restore(number, coming)
        await self._open_again()

    async def die(self, writes: int, work: Any, *, is_written: bool) -> None:
        """Do some work, be killed at the n-th thing that it writes down, and start again."""
        engine = cast("Any", self.register.engine)
        write, left = engine.write, iter(range(writes))

        async def write_or_die(task: Any) -> Any:
            if next(left, None) is not None:
                return await write(task)
            if is_written:
                await write(task)
            raise KilledError

        engine.write = write_or_die
        with suppress(KilledError):
            await work
        engine.write = write
        await self.close()
        await self._open_again()

    async def _open_again(self) -> None:
        self._opened = AsyncExitStack()
        await self.open()
        self.register.clock.confirm()
        await sweep(self.register)

    async def revoke(self, kid: str, reason: str) -> None:
        """Revoke a key at the office."""
        item = self.register.composer.compose("revocation", {"reason": reason, "kid": kid})
        prepared = self.register.folder.prepare(read_document(item))
        await self.register.committer.submit([Sent(prepared, Pusher(None))])

    async def erase(self, id: UUID, name: str) -> None:
        """Erase a personal value, as retention will: no document of this version does it."""
        async with self.register.engine.writing() as tx:
            await tx.run(
                "DELETE FROM disclosures WHERE log = :log AND id = :id AND name = :name",
                log=self.register.log,
                id=id.bytes,
                name=name,
            )

    async def expire(self) -> None:
        """Give what waited too long its final answer, and let old photos go, as every night."""
        await expire(self.register, self.clock())
        async with self.register.engine.writing() as tx:
            await backlog_store.expire(tx, self.register.log, self.clock())


@lru_cache(maxsize=len(PROVINCES))
def application(log: str) -> Litestar:
    """Return one application a log for all histories; each gives it its own register."""
    del log
    return create_app(Settings(base_url=URL, is_demo=True))


@lru_cache
def key_of(program: str) -> ec.EllipticCurvePrivateKey:
    """Return the key of a program, which is the same in every register."""
    del program
    return new_private_key()


async def make_genesis(kind: type[Storage], province: Province, folder: Path) -> Genesis:
    """Found a register with two programs and invitations for an owner, a manager and an officer."""
    clock = Clock(START_MS)
    storage = kind(folder / "register", settings_of(province, folder))
    await storage.found()
    async with open_register(storage.settings, clock) as register:
        for name, scopes in PROGRAMS.items():
            path = folder / f"{name}.sqlite"
            await create_outbox(path, province.log, key_of(name))
            async with open_outbox(path) as outbox:
                await enrol_program(register, outbox, scopes, province.communes[0])
        codes: dict[str, str] = {}
        roles = {"a1": "owner", "a2": "owner", "officer": "officer"}
        for name, role in roles.items():
            places = province.communes[:1] if role == "officer" else ()
            code, invitation = invite(province.log, cast("Any", role), places, clock())
            # Whoever registers again after a restore long afterwards would be invited anew.
            lasting = replace(invitation, expires_ms=clock() + LASTING_MS)
            async with register.engine.writing() as tx:
                await record_invitation(tx, lasting)
            codes[name] = code
    return Genesis(folder, storage, codes)


def settings_of(province: Province, folder: Path) -> Settings:
    """Return what a register of a history is called, how it is reached, and where others are."""
    return Settings(
        log=province.log,
        base_url=province.url,
        registers={one.log: one.url for one in PROVINCES if one is not province},
        is_demo=True,
        pwa_dir=folder / "no-pages",
    )


def instant(clock: Clock) -> str:
    return write_instant(clock())
