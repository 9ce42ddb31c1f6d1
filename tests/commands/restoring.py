"""What tests of restores share: a register served to phones, its copy, and the restore proved."""

import shutil
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx

from tests.commands.served import sangkat, served
from tests.makers import SANGKAT_4

DATABASE = "register.sqlite3"


@asynccontextmanager
async def serving(data: Path) -> AsyncGenerator[httpx.AsyncClient]:
    """Serve a folder, and yield the way of phones to it."""
    with served(data) as server:
        async with httpx.AsyncClient(base_url=server.url) as http:
            yield http


def invite_officer(data: Path) -> str:
    """Return a code for an officer."""
    flags = ["--role", "officer", "--place", SANGKAT_4]
    return sangkat("account", "invite", *flags, data=data).stdout.split()[0]


def copy_data(data: Path, folder: Path) -> Path:
    """Return a copy of a register that is stopped."""
    return Path(shutil.copytree(data, folder / "data", ignore=shutil.ignore_patterns("*.sock")))


def restore(archive: Path, data: Path) -> str:
    """Put a backup in the place of what is there; return what the command says."""
    done = sangkat("restore", archive, "--force", data=data)
    assert done.returncode == 0, done.stderr
    proved = sangkat("verify", data=data)
    assert proved.returncode == 0, proved.stdout
    return done.stdout


def change(data: Path, sql: str) -> None:
    """As somebody does who has the file."""
    with closing(sqlite3.connect(data / DATABASE)) as file, file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            file.execute(f"DROP TRIGGER {name}")
        assert file.execute(sql).rowcount > 0
