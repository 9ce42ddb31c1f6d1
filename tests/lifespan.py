"""An application that runs inside the test itself, in a task of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Final

from litestar import Litestar

from api.app import Opening, create_app
from api.intake.kinds import COLLECTED
from api.register import Register
from api.settings import Settings

_IDLE: Final[list[Litestar]] = []
_OPENING: Final[ContextVar[Opening]] = ContextVar("opening")


@contextmanager
def lent(opening: Opening) -> Iterator[Litestar]:
    """Lend an application to one register at a time: making one takes longer than most tests."""
    _OPENING.set(opening)
    app = _IDLE.pop() if _IDLE else create_app(Settings(), opening=_open_current)
    yield app
    _IDLE.append(app)


def _open_current() -> AbstractAsyncContextManager[Register]:
    return _OPENING.get()()


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[None]:
    """Run an application in a task of its own: pytest ends fixtures in another than it began."""
    started, ended = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        try:
            async with app.lifespan():
                started.set()
                await ended.wait()
        finally:
            started.set()

    task = asyncio.create_task(run())
    await started.wait()
    try:
        if not task.done():
            yield
    finally:
        ended.set()
        await task


@contextmanager
def letting_in(register: Register) -> Iterator[None]:
    """Let the people of a world in as if somebody answered for the register, whoever does after."""
    gate = register.committer.gate
    was_open = gate.is_open
    gate.open()
    yield
    if not was_open:
        gate.close(COLLECTED)
