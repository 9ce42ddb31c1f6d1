"""Ten times what a register can do: lines that push what was signed beforehand, and never rest.

They come again after a second, whatever they are told: the clients of nobody's dreams.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Sequence
from statistics import quantiles

import msgspec
from msgspec import Struct

from sync.messages import PushAnswer
from tests.faults.history import History

_REFUSED = (429, 503)
_REST_SECONDS = 1.0


class Overloaded(Struct):
    """What the register answered."""

    statuses: Counter[int]
    #: Refusals that did not say when to come again.
    untold: int = 0
    seconds: list[float] = msgspec.field(default_factory=list)
    #: Accepted pushes by whole seconds since the start.
    by_second: Counter[int] = msgspec.field(default_factory=Counter)

    @property
    def p99_ms(self) -> float:
        """How long those waited that were accepted."""
        return 1000 * quantiles(self.seconds, n=100)[98]


async def overload(
    port: int, queues: Sequence[Sequence[bytes]], seconds: float, history: History
) -> Overloaded:
    """Let one line a queue push for so long; note every receipt."""
    seen = Overloaded(Counter())
    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for queue in queues:
            tasks.create_task(_press(port, deque(queue), began, began + seconds, (seen, history)))
    return seen


async def _press(
    port: int,
    queue: deque[bytes],
    began: float,
    ends: float,
    noting: tuple[Overloaded, History],
) -> None:
    seen, history = noting
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while queue and time.monotonic() < ends:
        asked = time.monotonic()
        writer.write(queue[0])
        status, head, body = await _read(reader)
        seen.statuses[status] += 1
        if status in _REFUSED:
            seen.untold += b"\r\nretry-after: " not in head.lower()
            await asyncio.sleep(_REST_SECONDS)
            continue
        queue.popleft()
        seen.seconds.append(time.monotonic() - asked)
        seen.by_second[int(time.monotonic() - began)] += 1
        _note(history, body)
    writer.close()
    await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return int(head.split()[1]), head, await reader.readexactly(int(length))


def _note(history: History, body: bytes) -> None:
    for result in msgspec.json.decode(body, type=PushAnswer).results:
        assert result.custody in ("stored", "duplicate"), result
        assert result.id is not None
        history.promised.setdefault(result.id, set()).add(result.receipt or "")
