"""A restore of an older copy gives nobody back what was taken from him since."""

import asyncio
import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from api.ledger.committer import now_ms
from tests.commands.restoring import (
    DATABASE,
    change,
    copy_data,
    invite_officer,
    restore,
    serving,
)
from tests.commands.served import mark_as_demonstration, sangkat
from tests.makers import SANGKAT_4
from tests.world import Device


class Lived(NamedTuple):
    """A register that went on after its backup, and who is who in it."""

    data: Path
    archive: Path
    robbed: Device
    late: Device
    token: str
    ended_token: str
    open_code: str
    used_code: str


def make_token(data: Path) -> str:
    flags = ["--place", SANGKAT_4, "--scope", "registrations:read"]
    return sangkat("account", "token", *flags, data=data).stdout.strip()


def end_token(data: Path, token: str) -> None:
    """As signing out does."""
    with closing(sqlite3.connect(data / DATABASE)) as file, file:
        sha256 = hashlib.sha256(token.encode()).digest()
        assert file.execute("DELETE FROM tokens WHERE sha256 = ?", [sha256]).rowcount == 1


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return asyncio.run(live(tmp_path_factory.mktemp("lived") / "data"))


async def live(data: Path) -> Lived:
    archive = data.parent / "backup.tar"
    await mark_as_demonstration(data)
    async with serving(data) as http:
        robbed, late = Device(http, now_ms), Device(http, now_ms)
        await robbed.register(invite_officer(data))
        open_code, used_code = invite_officer(data), invite_officer(data)
        token, ended_token = make_token(data), make_token(data)
        assert sangkat("backup", archive, "--unencrypted", data=data).returncode == 0
        await late.register(used_code)
        disabling = ["account", "disable", str(robbed.account_id), "--reason", "stolen"]
        assert sangkat(*disabling, data=data).returncode == 0
    end_token(data, ended_token)
    return Lived(data, archive, robbed, late, token, ended_token, open_code, used_code)


@pytest.fixture
def data(lived: Lived, tmp_path: Path) -> Path:
    """What the register was when its backup was put in its place."""
    return copy_data(lived.data, tmp_path)


async def fail_to_register(http: httpx.AsyncClient, code: str) -> None:
    with pytest.raises(AssertionError, match=r"invitation\.invalid"):
        await Device(http, now_ms).register(code)


async def sign_in(http: httpx.AsyncClient, device: Device) -> None:
    device._http = http
    await device.sign_in()


async def pull(http: httpx.AsyncClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await http.post("/v1/sync/pull", json={}, headers=headers)).status_code


async def test_who_lost_a_key_or_gained_a_role_since_the_backup_stays_so(lived: Lived, data: Path):
    said = restore(lived.archive, data)
    assert "what was revoked since stays revoked" in said
    async with serving(data) as http:
        await sign_in(http, lived.late)
        with pytest.raises(AssertionError, match="device-revoked"):
            await sign_in(http, lived.robbed)
        await fail_to_register(http, lived.used_code)


async def test_what_still_opened_the_register_before_the_restore_opens_it_after(
    lived: Lived, data: Path
):
    restore(lived.archive, data)
    async with serving(data) as http:
        assert await pull(http, lived.token) == 200
        assert await pull(http, lived.ended_token) == 401
        await Device(http, now_ms).register(lived.open_code)


async def test_without_what_was_there_every_token_and_open_invitation_is_void(
    lived: Lived, data: Path
):
    shutil.rmtree(data)
    said = restore(lived.archive, data)
    assert "Tokens and invitations are void" in said
    assert "repeat what else was revoked" in said
    async with serving(data) as http:
        assert await pull(http, lived.token) == 401
        await fail_to_register(http, lived.open_code)
        await fail_to_register(http, lived.used_code)


def test_data_that_cannot_be_read_say_what_has_to_be_repeated(lived: Lived, data: Path):
    (data / DATABASE).write_bytes(b"TEST DATA" * 1_000)
    assert "repeat what else was revoked" in restore(lived.archive, data)


def test_what_was_put_aside_counts_only_as_far_as_it_was_signed(lived: Lived, data: Path):
    change(data, "UPDATE entries SET receipt = 'x' WHERE kind = 'revocation'")
    assert "repeat what else was revoked" in restore(lived.archive, data)
    assert {kind for kind, _ in list_kinds(data)} == {"account", "grant", "order", "pledge_text"}


def test_a_restore_that_is_repeated_brings_the_same(lived: Lived, data: Path):
    restore(lived.archive, data)
    once = list_kinds(data)
    restore(lived.archive, data)
    assert list_kinds(data) == once
    assert ("revocation", 1) in once


def list_kinds(data: Path) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(data / DATABASE)) as file:
        return file.execute("SELECT kind, COUNT(*) FROM entries GROUP BY kind").fetchall()
