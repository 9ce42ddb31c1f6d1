"""Another program keeps the register's database locked: phones try again, nothing is lost."""

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import msgspec

from api.ledger.committer import now_ms
from sync.messages import Item
from tests.commands.served import sangkat
from tests.faults.process import ServerProcess
from tests.makers import make_premises
from tests.world import Device

#: The register waits for a lock before it gives up.
SECONDS_MAX = 60


@contextmanager
def locked(database: Path) -> Generator[None]:
    """Hold what `BEGIN EXCLUSIVE` holds; this process is not the register's."""
    with closing(sqlite3.connect(database, isolation_level=None)) as file:
        file.execute("BEGIN EXCLUSIVE")
        yield
        file.execute("ROLLBACK")


async def push(owner: Device, *items: Item) -> httpx.Response:
    return await owner.post("/v1/sync/push", {"items": msgspec.to_builtins(items)})


async def test_a_push_to_a_locked_database_is_for_later_and_loses_nothing(tmp_path: Path):
    server = ServerProcess(tmp_path / "register")
    http = httpx.AsyncClient(base_url=server.url, timeout=SECONDS_MAX)
    async with server, http:
        owner = Device(http, now_ms)
        await owner.register()
        item = owner.compose("premises", make_premises())
        with locked(server.database):
            refused = await push(owner, item)
            assert (refused.status_code, refused.json()["code"]) == (503, "overload")
            assert int(refused.headers["Retry-After"]) > 0
            assert (await owner.read("/v1/premises"))["items"] == []
            unready = await http.get("/readyz")
            assert (unready.status_code, unready.json()["code"]) == (503, "overload")
        assert (await http.get("/readyz")).status_code == 200
        (result,) = (await push(owner, item)).json()["results"]
        assert result["custody"] == "stored"
        assert len((await owner.read("/v1/premises"))["items"]) == 1
        await server.stop()
    assert sangkat("verify", data=server.data).returncode == 0


async def test_a_register_whose_database_is_locked_starts_later(tmp_path: Path):
    server = ServerProcess(tmp_path / "register")
    async with server:
        await server.stop()
    with locked(server.database):
        done = sangkat("serve", "--port", "0", data=server.data)
    assert (done.returncode, done.stderr.count("\n")) == (75, 1), done.stderr
