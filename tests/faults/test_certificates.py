"""Who answers in the register's place with a certificate that does not hold is told nothing."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from ssl import SSLContext

import pytest

from tests.faults.certificates import make_server
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Device, DeviceClock, open_device
from tests.faults.history import History
from tests.faults.process import ServerProcess
from tests.faults.way import Way, Weather

HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"
TRIES = 5


@asynccontextmanager
async def stranger(serving: SSLContext) -> AsyncGenerator[tuple[str, list[bytes]]]:
    """Somebody who listens over TLS; yields where, and what he was told."""
    told: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.read(1))
        writer.close()

    async with await asyncio.start_server(listen, HERE, 0, ssl=serving) as listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"https://{HERE}:{port}", told


async def try_often(device: Device) -> None:
    """Let a phone whose clock is fast try to send some times."""
    before = device.outbox.replica.link.failures
    while device.outbox.replica.link.failures < before + TRIES:
        await device.exchange_once()


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("host", "days", "is_told"), [(HERE, -1, False), (ELSEWHERE, 30, False), (HERE, 30, True)]
)
async def test_what_waits_is_shown_to_no_host_whose_certificate_does_not_hold(
    tmp_path: Path, host: str, days: int, is_told: bool
):
    serving, trusting = make_server(tmp_path, host, days=days)
    history, weather, clock = History(), Weather(seed=59), DeviceClock(0, 600)
    path, server = tmp_path / "P.sqlite3", ServerProcess(tmp_path / "register")
    async with stranger(serving) as (url, told):
        way = Way(history, weather, trusting=trusting)
        async with open_device(path, url, way, clock) as device:
            await device.register(history)
            await device.save_stay(history)
            await try_often(device)
            assert bool(told) is is_told
            assert set(device.states) == {"queued"}
    way = Way(history, weather)
    async with server, open_device(path, server.url, way, clock) as device:
        await device.finish()
        await server.stop()
    assert check(history, await server.read_held()) == NOTHING
