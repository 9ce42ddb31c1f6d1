"""A register in a process of its own is killed and its disk fills: what it said it has, it has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from api.ledger.committer import now_ms
from tests.blobs.photos import make_noise, measure, name_of, open_photo, send_part
from tests.faults.disks import SmallDisk, small_disk
from tests.faults.process import ServerProcess
from tests.world import Device

PHOTO = make_noise()
NAME = name_of(PHOTO)
PART_BYTES = 32_000


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[ServerProcess, httpx.AsyncClient, Device]]:
    server = ServerProcess(folder / "register")
    async with server, httpx.AsyncClient(base_url=server.url) as http:
        owner = Device(http, now_ms)
        await owner.register()
        yield server, http, owner


async def find_offset(http: httpx.AsyncClient, owner: Device) -> int | None:
    """Return how much is here; None when all of it was taken."""
    told = await measure(owner, NAME, http)
    if "Upload-Complete" in told.headers:
        return None
    return int(told.headers.get("Upload-Offset", 0))


async def send_next(http: httpx.AsyncClient, owner: Device, offset: int) -> int:
    """Send one part; return up to where the register says that it has it."""
    part = PHOTO[offset : offset + PART_BYTES]
    answer = await send_part(owner, http, NAME, part, offset, len(PHOTO))
    return int(answer.headers["Upload-Offset"]) if answer.is_success else offset


async def test_a_killed_register_has_what_it_said_it_has_and_the_photo_goes_on(tmp_path: Path):
    async with serving(tmp_path) as (server, http, owner):
        acknowledged, rounds = 0, 0
        while (offset := await find_offset(http, owner)) is not None:
            assert offset >= acknowledged
            rounds += 1
            sending = asyncio.create_task(send_next(http, owner, offset))
            if rounds % 3:
                acknowledged = await sending
                continue
            await server.kill()
            await asyncio.gather(sending, return_exceptions=True)
            await server.start()
        assert server.starts > 1
        shown = await owner.get(f"/v1/blobs/{NAME}")
        assert open_photo(shown.content).size == (500, 500)


async def test_a_register_killed_while_it_draws_draws_after_its_start(tmp_path: Path):
    async with serving(tmp_path) as (server, http, owner):
        sending = asyncio.create_task(send_part(owner, http, NAME, PHOTO, 0, len(PHOTO)))
        while await find_offset(http, owner) == 0:
            pass
        await server.kill()
        await asyncio.gather(sending, return_exceptions=True)
        await server.start()
        async with asyncio.timeout(60):
            while await find_offset(http, owner) is not None:
                assert await find_offset(http, owner) == len(PHOTO)
                await send_part(owner, http, NAME, b"", len(PHOTO))
        files = [path for path in (server.data / "blobs").rglob("*") if path.is_file()]
        assert [path.suffix for path in files] == [".jpeg"]


async def test_photos_leave_room_for_what_is_declared(tmp_path: Path):
    with small_disk(tmp_path / "disk") as disk:
        async with serving(disk.folder) as (server, http, owner):
            if isinstance(disk, SmallDisk):
                answer = await send_part(owner, http, NAME, PHOTO[:100], 0, len(PHOTO))
                assert (answer.status_code, answer.json()["code"]) == (507, "storage.full")
                assert await owner.send_premises(photo=NAME)
            else:
                await check_full(disk, server, http, owner)


async def test_a_full_disk_acknowledges_no_part_and_the_photo_goes_on_after(tmp_path: Path):
    with small_disk(tmp_path / "disk", megabytes=140) as disk:
        async with serving(disk.folder) as (server, http, owner):
            await check_full(disk, server, http, owner)


async def check_full(disk, server: ServerProcess, http: httpx.AsyncClient, owner: Device) -> None:
    await send_next(http, owner, 0)
    disk.fill(server)
    answer = await send_part(owner, http, NAME, PHOTO[PART_BYTES:], PART_BYTES)
    assert (answer.status_code, answer.json()["code"]) == (507, "storage.full")
    assert int(answer.headers["Retry-After"]) > 0
    assert await find_offset(http, owner) == PART_BYTES
    disk.clear(server)
    last = await send_part(owner, http, NAME, PHOTO[PART_BYTES:], PART_BYTES)
    assert last.headers["Upload-Complete"] == "?1"
