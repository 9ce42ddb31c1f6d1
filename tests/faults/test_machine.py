"""The machine under the register fails: its disk, its files, its pages. For the night."""

import asyncio
import random
import resource
import shutil
import subprocess
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from socket import create_connection

import pytest

from tests.commands.served import sangkat
from tests.faults.checker import NOTHING, check
from tests.faults.devices import Fleet
from tests.faults.process import ServerProcess
from tests.faults.way import Weather

DEVICES = 10
STAYS_EACH = 20
BEFORE = 50
SECONDS_MAX = 900
FILES_MAX = 64
LINES = 100
PAGE_BYTES = 4096
PAGES = 20


@asynccontextmanager
async def broken_disk(server: ServerProcess) -> AsyncGenerator[None]:
    """Let every fifth write and every third sync of a register end with an error of the disk."""
    faults = ("pwrite64:error=EIO:when=5+5", "fdatasync:error=EIO:when=3+3")
    given = [flag for fault in faults for flag in ("-e", f"inject={fault}")]
    watch = ["strace", "-f", "-o", "/dev/null", "-e", "trace=pwrite64,fdatasync", *given]
    strace = await asyncio.create_subprocess_exec(
        *watch, "-p", str(server.running.pid), stderr=subprocess.DEVNULL
    )
    yield
    strace.terminate()
    await strace.wait()


@asynccontextmanager
async def few_files(server: ServerProcess) -> AsyncGenerator[None]:
    """Let a register open few files, and strangers hold more lines to it than that."""
    before = resource.prlimit(server.running.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.running.pid, resource.RLIMIT_NOFILE, (FILES_MAX, before[1]))
    with ExitStack() as lines:
        for _ in range(LINES):
            lines.enter_context(create_connection(("127.0.0.1", server.port)))
        yield
    resource.prlimit(server.running.pid, resource.RLIMIT_NOFILE, before)


@pytest.mark.nightly
@pytest.mark.parametrize("fault", [broken_disk, few_files])
async def test_what_phones_saved_survives_a_machine_that_fails(tmp_path: Path, fault):
    server = ServerProcess(tmp_path / "register")
    async with server, Fleet(tmp_path, server.url, Weather(seed=43), pace=10) as fleet:
        await fleet.add(DEVICES)
        async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
            tasks.create_task(fleet.declare_and_finish(STAYS_EACH))
            await fleet.history.until(lambda: len(fleet.history.promised) >= BEFORE)
            async with fault(server):
                await asyncio.sleep(10)
        await server.stop()
    assert check(fleet.history, await server.read_held()) == NOTHING


@pytest.mark.nightly
async def test_a_page_that_was_written_over_is_named_and_a_copy_restores_it(tmp_path: Path):
    server = ServerProcess(tmp_path / "register")
    async with server, Fleet(tmp_path, server.url, Weather(seed=47)) as fleet:
        await fleet.add(1)
        await fleet.declare_and_finish(10)
        await server.stop()
    whole, chance = tmp_path / "whole", random.Random(47)
    shutil.copy(server.database, whole)
    pages = whole.stat().st_size // PAGE_BYTES
    for page in chance.sample(range(pages), PAGES):
        with server.database.open("r+b") as file:
            file.seek(page * PAGE_BYTES)
            file.write(chance.randbytes(PAGE_BYTES))
        done = sangkat("verify", data=server.data)
        assert done.returncode != 0, page
        assert done.stdout + done.stderr, page
        shutil.copy(whole, server.database)
    assert sangkat("verify", data=server.data).returncode == 0
    assert check(fleet.history, await server.read_held()) == NOTHING
