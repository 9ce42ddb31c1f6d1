"""The register's disk is full: it says so, acknowledges nothing, and goes on with new space."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import msgspec
import pytest

from api.database.ballast import BALLAST_BYTES
from api.ledger.committer import now_ms
from tests.commands.served import sangkat
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Fleet
from tests.faults.disks import LimitedFiles, SmallDisk, limited_files, small_disk
from tests.faults.process import ServerProcess
from tests.faults.way import Weather
from tests.makers import SANGKAT_4, make_premises
from tests.world import Device

REFUSALS = 10
SECONDS_MAX = 180
STORAGE_FULL = ("/v1/sync/push", 507)


async def fill_and_clear(disk: SmallDisk | LimitedFiles, folder: Path) -> None:
    """Let phones send before, while and after the disk is full."""
    server = ServerProcess(disk.folder / "register")
    # A minute's Retry-After is one second for phones whose clocks run sixty times as fast.
    async with server, Fleet(folder, server.url, Weather(seed=15), pace=60) as fleet:
        await fleet.add(5)
        await fleet.finish()
        disk.fill(server)
        history = fleet.history
        async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
            tasks.create_task(fleet.declare_and_finish(40))
            await history.until(lambda: history.answers[STORAGE_FULL] >= REFUSALS)
            promised = set(history.promised)
            findings = check(history, await server.read_held())
            assert findings.broken == findings.damaged == []
            assert set(findings.lost) == set(history.saved) - promised - registrations(fleet)
            disk.clear(server)
        await server.stop()
        assert check(history, await server.read_held()) == NOTHING
        statuses = {status for path, status in history.answers if path == "/v1/sync/push"}
        assert statuses == {200, 507}


def registrations(fleet: Fleet) -> set[object]:
    """Return the ids of the documents that are answered without a receipt."""
    return {next(iter(device.outbox.replica.rows)) for device in fleet.devices}


@pytest.mark.parametrize("of", [small_disk, limited_files])
async def test_a_full_disk_is_never_acknowledged_and_everything_arrives_after(tmp_path: Path, of):
    with of(tmp_path / "disk") as disk:
        await fill_and_clear(disk, tmp_path)


async def invite(http: httpx.AsyncClient, data: Path) -> tuple[Device, Device]:
    """Return an owner who declared premises, and the officer of their commune."""
    owner, officer = Device(http, now_ms), Device(http, now_ms)
    await owner.register()
    await owner.send_premises()
    flags = ["--role", "officer", "--place", SANGKAT_4]
    invited = await asyncio.to_thread(sangkat, "account", "invite", *flags, data=data)
    await officer.register(invited.stdout.split()[0])
    return owner, officer


async def push(owner: Device) -> int:
    item = owner.compose("premises", make_premises())
    answer = await owner.post("/v1/sync/push", {"items": msgspec.to_builtins([item])})
    return answer.status_code


def list_actions(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as file:
        return [action for (action,) in file.execute("SELECT action FROM audit ORDER BY n")]


async def look(officer: Device, times: int) -> None:
    for _ in range(times):
        assert (await officer.read("/v1/premises"))["items"]


async def check_full(owner: Device, officer: Device, http: httpx.AsyncClient) -> None:
    """Nothing is taken in, and the register says that it is not ready."""
    for _ in range(3):
        assert await push(owner) == 507
    refused = await http.get("/readyz")
    assert (refused.status_code, refused.json()["code"]) == (503, "overload")
    await officer.sign_in()


async def test_an_officer_reads_on_a_full_disk_and_is_put_down(tmp_path: Path):
    with small_disk(tmp_path / "disk") as disk:
        server = ServerProcess(disk.folder / "register")
        async with server, httpx.AsyncClient(base_url=server.url) as http:
            owner, officer = await invite(http, server.data)
            ballast = server.data / "ballast"
            assert ballast.stat().st_blocks * 512 >= BALLAST_BYTES
            disk.fill(server)
            # A limit on the size of files, where nobody may mount, leaves nothing to give up.
            if isinstance(disk, SmallDisk):
                await look(officer, 100)
                await check_full(owner, officer, http)
                await look(officer, 100)
                assert list_actions(server.database) == ["premises.list"] * 200
            disk.clear(server)
            assert (await http.get("/readyz")).status_code == 200
            assert await push(owner) == 200
            assert ballast.stat().st_blocks * 512 >= BALLAST_BYTES
