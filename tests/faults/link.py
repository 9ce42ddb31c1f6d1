"""A link between phones and register that is slow, loses packets, and can be cut.

The register's end lies in a network namespace of its own, so that a cut is the kernel's: packets
vanish, and nobody is told. How slow it is, is this module's: not every kernel has `tc netem`.
"""

import asyncio
import ctypes
import os
import random
import socket
import subprocess
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final

RATE: Final = 20_000
DELAY_SECONDS: Final = 0.3
LOSS: Final = 0.1
#: After so long a packet that was lost is sent again; all behind it wait.
AGAIN_SECONDS: Final = 1.0
PACKET_BYTES: Final = 1_400
_HERE: Final = "10.201.7.1"
_THERE: Final = "10.201.7.2"
_NEW_NETWORK: Final = 0x40000000


class Link:
    """One direction after the other, each with its own rate; who waits, waits in order."""

    def __init__(self, name: str, port: int, seed: int) -> None:
        """Lead to a port of this machine from a namespace of this name."""
        self._name = name
        self._port = port
        self._chance = random.Random(seed)
        self._free_at = {"up": 0.0, "down": 0.0}
        self.bytes_count = self.lost_count = 0
        self.url = f"http://{_THERE}:{port}"

    def cut(self) -> None:
        """Let every packet vanish."""
        _ip("-n", self._name, "link", "set", f"{self._name}b", "down")

    def mend(self) -> None:
        """Let packets through again."""
        _ip("-n", self._name, "link", "set", f"{self._name}b", "up")

    async def relay(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Carry one connection until both ends are done."""
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._carry("up", reader, back))
            tasks.create_task(self._carry("down", there, writer))

    async def _carry(self, way: str, reader: StreamReader, writer: StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_deliver(under_way, writer))
            data = b"begun"
            while data:
                data = await _read(reader)
                under_way.put_nowait((await self._send(way, data), data))

    async def _send(self, way: str, data: bytes) -> float:
        """Return when a packet arrives; the link is taken until it has left."""
        now = asyncio.get_running_loop().time()
        left_at = max(now, self._free_at[way]) + len(data) / RATE
        self._free_at[way] = left_at
        self.bytes_count += len(data)
        arrives_at = left_at + DELAY_SECONDS
        while self._chance.random() < LOSS:
            self.lost_count += 1
            arrives_at += AGAIN_SECONDS
        await asyncio.sleep(left_at - now)
        return arrives_at


async def _read(reader: StreamReader) -> bytes:
    """Return the next packet, an empty one at the end, whatever ended it."""
    with suppress(ConnectionError):
        return await reader.read(PACKET_BYTES)
    return b""


async def _deliver(under_way: asyncio.Queue[tuple[float, bytes]], writer: StreamWriter) -> None:
    time = asyncio.get_running_loop().time
    data = b"begun"
    while data:
        arrives_at, data = await under_way.get()
        await asyncio.sleep(max(0.0, arrives_at - time()))
        with suppress(ConnectionError):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def linked(port: int, seed: int) -> AsyncGenerator[Link]:
    """Lay a link to a port of this machine until the block ends."""
    name = f"sk{os.getpid()}"
    link = Link(name, port, seed)
    with _namespace(name), _listening(name, port) as listener:
        server = await asyncio.start_server(link.relay, sock=listener)
        yield link
        server.close()


@contextmanager
def _namespace(name: str) -> Generator[None]:
    assert os.geteuid() == 0, "only root may make a network namespace"
    _ip("netns", "add", name)
    try:
        peer = ("peer", "name", f"{name}b", "netns", name)
        _ip("link", "add", f"{name}a", "type", "veth", *peer)
        _ip("address", "add", f"{_HERE}/30", "dev", f"{name}a")
        _ip("link", "set", f"{name}a", "up")
        _ip("-n", name, "address", "add", f"{_THERE}/30", "dev", f"{name}b")
        _ip("-n", name, "link", "set", f"{name}b", "up")
        yield
    finally:
        _ip("netns", "delete", name)


@contextmanager
def _listening(name: str, port: int) -> Generator[socket.socket]:
    """Listen within a namespace: a socket stays where it was made, and this thread does not."""
    with Path("/proc/self/ns/net").open() as ours, Path(f"/run/netns/{name}").open() as theirs:
        _enter(theirs.fileno())
        try:
            listener = socket.create_server((_THERE, port))
        finally:
            _enter(ours.fileno())
    with listener:
        yield listener


def _enter(namespace: int) -> None:
    done = ctypes.CDLL(None, use_errno=True).setns(namespace, _NEW_NETWORK)
    assert done == 0, os.strerror(ctypes.get_errno())


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, timeout=60)
