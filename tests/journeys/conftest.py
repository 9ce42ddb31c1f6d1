"""A real server on a free port, real Chromium, and the register's log read from outside."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Playwright, async_playwright

from api.ledger.committer import now_ms
from tests.commands.served import Served, mark_as_demonstration, sangkat, served
from tests.engines import find_address
from tests.journeys.phone import Phone
from tests.makers import SANGKAT_4
from tests.pwa.browser import CHROMIUM_SHELL
from tests.world import Device

NewPhone = Callable[..., Phone]
NewDevice = Callable[..., Awaitable[Device]]
_HERE: Final = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all journeys share a loop, and with it the driver of their browsers."""
    shared = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if item.path.parent == _HERE and pytest_asyncio.is_async_test(item):
            item.add_marker(shared, append=False)


@contextmanager
def open_server(data: Path) -> Iterator[Served]:
    """A register of invented people, served as a person would."""
    asyncio.run(mark_as_demonstration(data))
    with served(data, database=asyncio.run(find_address(data))) as running:
        yield running


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    """A register of its own for every journey."""
    with open_server(tmp_path / "register") as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver of browsers, which takes a second to start."""
    async with async_playwright() as driver:
        yield driver


@asynccontextmanager
async def open_phones(
    playwright: Playwright, url: str, folder: Path, program: str = CHROMIUM_SHELL
) -> AsyncIterator[NewPhone]:
    """Makes phones, and switches them off in the end."""
    phones: list[Phone] = []

    def make(locale: str = "km-KH") -> Phone:
        profile = folder / f"phone-{len(phones)}"
        phones.append(Phone(playwright.chromium, program, profile, url, locale))
        return phones[-1]

    yield make
    for phone in phones:
        await phone.switch_off()


@asynccontextmanager
async def open_devices(server: Served) -> AsyncIterator[NewDevice]:
    """Makes people whose screens do not matter: an owner, or what an invitation says."""
    async with httpx.AsyncClient(base_url=server.url) as http:

        async def make(role: str | None = None, place: str = SANGKAT_4) -> Device:
            device = Device(http, now_ms)
            await device.register(invite(server, role, place) if role else None)
            return device

        yield make


@pytest.fixture
def program() -> str:
    """The browser; journeys to which Background Sync belongs name the other."""
    return CHROMIUM_SHELL


@pytest_asyncio.fixture(loop_scope="session")
async def new_phone(
    playwright: Playwright, server: Served, tmp_path: Path, program: str
) -> AsyncIterator[NewPhone]:
    async with open_phones(playwright, server.url, tmp_path, program) as make:
        yield make


@pytest_asyncio.fixture(loop_scope="session")
async def new_device(server: Served) -> AsyncIterator[NewDevice]:
    async with open_devices(server) as make:
        yield make


def invite(server: Served, role: str, *places: str) -> str:
    """An invitation, as the operator makes one while the server runs; an owner's names no place."""
    where = [flag for place in places for flag in ("--place", place)]
    made = sangkat(
        "account", "invite", "--role", role, *where, data=server.data, database=server.database
    )
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[0]


def read_log(server: Served, kind: str) -> list[tuple[UUID, str]]:
    """Every entry of a kind with the effect of its entity, in the order of the log."""
    database = sqlite3.connect(f"file:{server.data / 'register.sqlite3'}?mode=ro", uri=True)
    try:
        rows = database.execute(
            "SELECT e.id, n.effect FROM entries e JOIN entities n"
            " ON n.log = e.log AND n.entity = e.entity WHERE e.kind = ? ORDER BY e.pos",
            (kind,),
        ).fetchall()
    finally:
        database.close()
    return [(UUID(bytes=row[0]), row[1]) for row in rows]
