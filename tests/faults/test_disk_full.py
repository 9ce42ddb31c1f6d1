"""The register's disk is full: it says so, acknowledges nothing, and goes on with new space."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.checker import NOTHING, check
from tests.faults.devices import Fleet
from tests.faults.disks import LimitedFiles, SmallDisk, limited_files, small_disk
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

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
            findings = check(history, server.database)
            assert findings.broken == findings.damaged == []
            assert set(findings.lost) == set(history.saved) - promised - registrations(fleet)
            disk.clear(server)
        await server.stop()
        assert check(history, server.database) == NOTHING
        statuses = {status for path, status in history.answers if path == "/v1/sync/push"}
        assert statuses == {200, 507}


def registrations(fleet: Fleet) -> set[object]:
    """Return the ids of the documents that are answered without a receipt."""
    return {next(iter(device.outbox.replica.rows)) for device in fleet.devices}


@pytest.mark.parametrize("of", [small_disk, limited_files])
async def test_a_full_disk_is_never_acknowledged_and_everything_arrives_after(tmp_path: Path, of):
    with of(tmp_path / "disk") as disk:
        await fill_and_clear(disk, tmp_path)
