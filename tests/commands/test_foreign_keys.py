"""Keys that did not sign the log are refused before they sign anything, on each engine."""

import asyncio
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from api.app import open_register
from api.ledger.keys import KeysBroken
from api.ledger.reading_store import read_head
from api.ledger.records import Head
from api.settings import Settings
from tests.commands.served import sangkat
from tests.engines import settings_for
from tests.makers import SANGKAT_4

pytestmark = pytest.mark.usefixtures("each_engine")
COMMANDS = ("serve --port 0", "order list", "migrate")


async def begin(folder: Path) -> Settings:
    """Make a register."""
    settings = await settings_for(folder)
    await start(settings)
    return settings


async def start(settings: Settings) -> None:
    async with open_register(settings):
        pass


async def find_end(settings: Settings) -> Head:
    async with open_register(settings) as register, register.engine.reading() as tx:
        return await read_head(tx, settings.log)


def put(there: Path, given: Path) -> None:
    shutil.rmtree(there)
    shutil.copytree(given, there)


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def check_refused(settings: Settings, given: Path, why: str) -> None:
    """Every command says it in one line; with its own keys the register is as it was."""
    end, own = await find_end(settings), settings.data_dir / "own"
    shutil.copytree(settings.keys_dir, own)
    put(settings.keys_dir, given)
    for command in COMMANDS:
        arguments = command.split()
        done = sangkat(*arguments, data=settings.data_dir, database=settings.database)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
        assert done.stderr.startswith(f"{settings.keys_dir} {why}")
        assert done.stderr.endswith("; put back those of the newest backup\n")
    assert read_folder(settings.keys_dir) == read_folder(given)
    put(settings.keys_dir, own)
    assert await find_end(settings) == end
    done = sangkat("verify", data=settings.data_dir, database=settings.database)
    assert done.returncode == 0, done.stdout


async def test_the_keys_of_another_register_sign_nothing(tmp_path: Path):
    other = await begin(tmp_path / "other")
    settings = await begin(tmp_path / "data")
    await check_refused(settings, other.keys_dir, "is of another register")


async def test_keys_of_before_a_rotation_sign_nothing_after_it(tmp_path: Path):
    settings, older = await begin(tmp_path / "data"), tmp_path / "older"
    shutil.copytree(settings.keys_dir, older)
    (settings.keys_dir / "receipt.pem").unlink()
    assert await find_end(settings) == await find_end(settings), "an unused new key starts again"
    flags = ["--name", "TEST DATA program", "--place", SANGKAT_4]
    issued = sangkat("account", "token", *flags, data=settings.data_dir, database=settings.database)
    assert issued.returncode == 0, issued.stderr
    await check_refused(settings, older, "does not belong to these data: it holds no key")


@pytest.mark.parametrize("each_engine", ["postgresql"], indirect=True)
async def test_of_two_first_starts_with_keys_of_their_own_one_founds_the_log(tmp_path: Path):
    settings = await settings_for(tmp_path / "data")
    other = replace(settings, data_dir=tmp_path / "other")
    ends = await asyncio.gather(start(settings), start(other), return_exceptions=True)
    assert [type(end) for end in ends if end] == [KeysBroken], ends
    begun = settings if ends[0] is None else other
    done = sangkat("verify", data=begun.data_dir, database=begun.database)
    assert done.returncode == 0, done.stdout
