"""One register served three ways by one process, so that their speeds can be compared.

`python -m tests.benchmarks.server DATA PORT PORT PORT`, on PostgreSQL with SANGKAT_DATABASE: pushes
at the first port are committed in groups, as always; at the second one by one; at the third they
are read and verified, and dropped.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from msgspec.structs import replace

from api.app import create_app, open_register
from api.ledger.committer import Committer, _Submission
from api.ledger.group import Outcome, Sent
from api.register import Register
from api.settings import Settings
from sync.custody import Stored

C = TypeVar("C", bound=Committer[Any])
# As long as a real one, so that the answers weigh the same.
_RECEIPT = "A" * 620


class OneByOne(Committer[Any]):
    """Commits every request by itself."""

    def _take_more(self, group: list[_Submission]) -> None:
        del group


class Nowhere(Committer[Any]):
    """Says that everything is stored."""

    async def submit(self, sent: Sequence[Sent], *, dry_run: bool = False) -> list[Outcome]:
        del dry_run
        return [Outcome(Stored(), _RECEIPT) for _ in sent]


async def serve(data: Path, ports: Sequence[int]) -> None:
    """Serve until the process is killed."""
    port = ports[0]
    settings = Settings(
        data_dir=data,
        database=os.environ.get("SANGKAT_DATABASE", ""),
        base_url=f"http://127.0.0.1:{port}",
        is_demo=True,
    )
    async with open_register(settings) as register, one_by_one(register) as slow:
        nowhere = like(register, Nowhere)
        ways = [register.committer, slow, nowhere]
        async with asyncio.TaskGroup() as tasks:
            for port, committer in zip(ports, ways, strict=True):
                tasks.create_task(listen(replace(register, committer=committer), port))


def one_by_one(register: Register) -> OneByOne:
    return like(register, OneByOne)


def like(register: Register, of: type[C]) -> C:
    """Return another committer of the same log."""
    model = register.committer
    return of(
        register.engine,
        register.log,
        model._folder,
        model._authority,
        keys=register.keys,
        clock=register.clock,
    )


async def listen(register: Register, port: int) -> None:
    app = create_app(register.settings, opening=lambda: nullcontext(register))
    config = uvicorn.Config(
        app, port=port, loop="asyncio", http="httptools", log_level="warning", access_log=False
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
