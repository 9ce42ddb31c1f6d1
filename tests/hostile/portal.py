"""A world in a thread with its own loop, for generators of requests that know no async."""

import asyncio
import tempfile
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.access.people import new_entries, new_person
from tests.makers import SANGKAT_4
from tests.world import Device, World, open_world

T = TypeVar("T")
CALLERS = ("client", "officer", "owner", "province", "auditor", "node")


class Portal:
    """Runs coroutines on the loop of a world, one at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, world: World) -> None:
        self._loop = loop
        self.world = world
        self.people: dict[str, Device] = {}
        self.entries: dict[str, Any] = {}

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60)

    async def fill(self) -> None:
        """Let there be somebody of every role that calls, and something to read."""
        self.people = {role: await new_person(self.world, role) for role in CALLERS}
        self.entries = await new_entries(self.people["owner"], SANGKAT_4)


@contextmanager
def open_portal() -> Iterator[Portal]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="world")
    thread.start()
    with tempfile.TemporaryDirectory() as folder:
        opening = open_world(Path(folder))
        world = asyncio.run_coroutine_threadsafe(opening.__aenter__(), loop).result(timeout=60)
        portal = Portal(loop, world)
        try:
            portal.run(portal.fill())
            yield portal
        finally:
            portal.run(opening.__aexit__(None, None, None))
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()
