"""A client that costs little: raw streams, kept open, bodies prepared beforehand."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from msgspec import Struct

_LENGTH = b"content-length: "
_OK = b"HTTP/1.1 200"


class Load(Struct, frozen=True):
    """What one run of prepared requests took."""

    seconds: float
    latencies: list[float]
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Processor time of the server for one request."""
        return 1000 * self.cpu_seconds / len(self.latencies)

    @property
    def p50_ms(self) -> float:
        return 1000 * quantiles(self.latencies, n=100)[49]

    @property
    def p99_ms(self) -> float:
        return 1000 * quantiles(self.latencies, n=100)[98]


def together(loads: Sequence[Load]) -> Load:
    """Return what ran side by side as one run."""
    return Load(
        max(load.seconds for load in loads),
        [latency for load in loads for latency in load.latencies],
        sum(load.cpu_seconds for load in loads),
    )


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """Return a request as it goes on the wire."""
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


async def send(port: int, queues: Sequence[Sequence[bytes]], pid: int) -> Load:
    """Let one client a queue send its requests, each after the answer to the last."""
    streams = [await asyncio.open_connection("127.0.0.1", port) for _ in queues]
    latencies: list[float] = []
    cpu, began = read_cpu_seconds(pid), time.perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for (reader, writer), queue in zip(streams, queues, strict=True):
            tasks.create_task(_send_all(reader, writer, queue, latencies))
    seconds = time.perf_counter() - began
    load = Load(seconds, latencies, read_cpu_seconds(pid) - cpu)
    for _, writer in streams:
        writer.close()
        await writer.wait_closed()
    return load


async def _send_all(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    queue: Sequence[bytes],
    latencies: list[float],
) -> None:
    for one in queue:
        began = time.perf_counter()
        writer.write(one)
        await read_answer(reader)
        latencies.append(time.perf_counter() - began)


async def read_answer(reader: asyncio.StreamReader) -> bytes:
    """Return the body of an answer that has to be 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    at = head.lower().index(_LENGTH) + len(_LENGTH)
    body = await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
    assert head.startswith(_OK), head + body
    return body


def read_cpu_seconds(pid: int) -> float:
    """Return the processor time that a process used, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
