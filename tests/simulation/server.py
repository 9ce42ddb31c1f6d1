"""The real register of a history, with what may happen to it: copies, restores, time."""

import shutil
import tempfile
from contextlib import AsyncExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

import httpx
from litestar import Litestar
from msgspec import Struct

from api.app import create_app, furnish, open_register
from api.commands.verify import verify
from api.invitations.rules import invite
from api.invitations.store import record_invitation
from api.ledger import backlog_store
from api.ledger.group import Sent
from api.ledger.records import Pusher
from api.register import Register
from api.settings import Settings
from sync.document import read_document
from sync.instants import write_instant
from sync.outbox import create_outbox, open_outbox
from tests.makers import LOG, SANGKAT_1, SANGKAT_4
from tests.sync.way import URL, Clock, enrol_program

START_MS: Final = 1_663_643_465_123
MEMORY: Final = Path("/dev/shm")
PROGRAMS: Final = {
    "program": ["registrations:write", "registrations:read"],
    "node": ["relay", "registrations:read"],
}


class Genesis(Struct, frozen=True):
    """A founded register that every history starts from a copy of, with codes for its people."""

    folder: Path
    codes: dict[str, str]


class Server:
    """A register in a folder of its own; `restore` puts back an earlier copy of its database."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self.copies: list[Path] = []
        self._opened = AsyncExitStack()
        self._register: Register | None = None

    @property
    def register(self) -> Register:
        assert self._register is not None
        return self._register

    @property
    def transport(self) -> httpx.AsyncBaseTransport:
        return httpx.ASGITransport(cast("Any", application()))

    async def open(self) -> None:
        settings = Settings(
            data_dir=self.folder, base_url=URL, is_demo=True, pwa_dir=self.folder / "no-pages"
        )
        opening = open_register(settings, self.clock)
        self._register = await self._opened.enter_async_context(opening)
        furnish(application(), self._register)

    async def close(self) -> None:
        await self._opened.aclose()

    async def copy(self) -> None:
        """Take a copy, as the operator does every few minutes."""
        target = self.folder / f"copy-{len(self.copies)}.sqlite3"
        await self.register.engine.backup(target)
        self.copies.append(target)

    async def restore(self, number: int) -> None:
        """Lose everything that came after a copy; keys are kept apart and survive."""
        database = self.register.settings.database_path
        await self.close()
        for file in self.folder.glob(f"{database.name}*"):
            file.unlink()
        shutil.copyfile(self.copies[number % len(self.copies)], database)
        self._opened = AsyncExitStack()
        await self.open()

    async def revoke(self, kid: str, reason: str) -> None:
        """Revoke a key at the office."""
        item = self.register.composer.compose("revocation", {"reason": reason, "kid": kid})
        prepared = self.register.folder.prepare(read_document(item))
        await self.register.committer.submit([Sent(prepared, Pusher(None))])

    async def verify(self) -> int:
        """Fold the whole log anew and compare every table; return how much is wrong."""
        wrong, _ = await verify(self.register.settings)
        return wrong

    async def expire(self) -> None:
        """Give what waited too long its final answer, as every night."""
        async with self.register.engine.writing() as tx:
            await backlog_store.expire(tx, LOG, self.clock())


@lru_cache(maxsize=1)
def application() -> Litestar:
    """Return one application for all histories; each gives it its own register."""
    return create_app(Settings(base_url=URL, is_demo=True))


def working_folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder in memory where there is one: histories need no disk, only its rules."""
    return tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)


async def make_genesis(folder: Path) -> Genesis:
    """Found a register with two programs and invitations for an owner, a manager and an officer."""
    clock = Clock(START_MS)
    settings = Settings(data_dir=folder / "register", base_url=URL, is_demo=True)
    async with open_register(settings, clock) as register:
        for name, scopes in PROGRAMS.items():
            path = folder / f"{name}.sqlite"
            await create_outbox(path, LOG)
            async with open_outbox(path) as outbox:
                await enrol_program(register, outbox, scopes)
        codes: dict[str, str] = {}
        roles = {"a1": "owner", "a2": "owner", "officer": "officer"}
        for name, role in roles.items():
            places = (SANGKAT_4,) if role == "officer" else ()
            code, invitation = invite(LOG, cast("Any", role), places, clock())
            async with register.engine.writing() as tx:
                await record_invitation(tx, invitation)
            codes[name] = code
    return Genesis(folder, codes)


def places() -> tuple[str, str]:
    """Return the officer's commune and another."""
    return SANGKAT_4, SANGKAT_1


def instant(clock: Clock) -> str:
    return write_instant(clock())
