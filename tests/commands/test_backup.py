"""Backup and restore: one private file, proved before it counts, and phones bring the rest."""

import stat
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from api.backups.archive import Manifest, write_archive
from sync.client import Client
from sync.exchange import Exchange
from sync.keys import public_jwk
from sync.outbox import create_outbox, open_outbox
from tests import makers
from tests.commands.served import sangkat, served
from tests.makers import LOG, SANGKAT_4


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small register and, beside it, its backup."""
    data = tmp_path_factory.mktemp("demo")
    assert sangkat("demo", "tiny", data=data).returncode == 0
    assert sangkat("backup", data / "backup.tar", "--unencrypted", data=data).returncode == 0
    return data


def test_a_backup_goes_where_it_can(demo: Path):
    done = sangkat("backup", demo / "no" / "folder.tar", data=demo)
    assert (done.returncode, done.stdout) == (1, "")


def test_a_backup_is_not_written_over_unless_asked(demo: Path, tmp_path: Path):
    (tmp_path / "backup.tar").write_bytes(b"TEST DATA")
    done = sangkat("backup", tmp_path / "backup.tar", "--unencrypted", data=demo)
    assert (done.returncode, "--force" in done.stderr) == (1, True)
    assert (tmp_path / "backup.tar").read_bytes() == b"TEST DATA"
    assert (
        sangkat("backup", tmp_path / "backup.tar", "--unencrypted", "--force", data=demo).returncode
        == 0
    )


def test_data_that_exist_are_not_overwritten(demo: Path, tmp_path: Path):
    assert sangkat("demo", "tiny", data=tmp_path).returncode == 0
    before = (tmp_path / "register.sqlite3").read_bytes()
    done = sangkat("restore", demo / "backup.tar", data=tmp_path)
    assert done.returncode == 1
    assert "--force" in done.stderr
    assert (tmp_path / "register.sqlite3").read_bytes() == before
    given = ("restore", demo / "backup.tar", "--force")
    done = sangkat(*given, data=tmp_path)
    assert (done.returncode, "--another-register" in done.stderr) == (1, True)
    assert (tmp_path / "register.sqlite3").read_bytes() == before
    assert sangkat(*given, "--another-register", data=tmp_path).returncode == 0
    (kept,) = tmp_path.glob("replaced-*")
    assert (kept / "register.sqlite3").read_bytes() == before
    assert (kept / "keys" / "gateway.pem").is_file()


def test_a_damaged_backup_changes_nothing(demo: Path, tmp_path: Path):
    data = bytearray((demo / "backup.tar").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "backup.tar").write_bytes(data)
    done = sangkat("restore", tmp_path / "backup.tar", data=tmp_path / "data")
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert not (tmp_path / "data" / "register.sqlite3").exists()


def test_a_backup_whose_keys_are_none_changes_nothing(demo: Path, tmp_path: Path):
    """Its checksums hold: whoever made it packed the junk."""
    junk, archive = tmp_path / "junk", tmp_path / "backup.tar"
    junk.write_text("junk")
    keys = {f"keys/{path.name}": path for path in (demo / "keys").iterdir()}
    members = {"register.sqlite3": demo / "register.sqlite3", **keys, "keys/receipt.pem": junk}
    manifest = Manifest(log=LOG, made_at="2026-03-02T03:00:00.000Z", sha256={})
    write_archive(archive, members, manifest)
    done = sangkat("restore", archive, data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{archive} is no backup: keys/receipt.pem holds no key\n"
    assert list((tmp_path / "data").glob("register.sqlite3")) == []


def test_a_backup_without_published_keys_changes_nothing(demo: Path, tmp_path: Path):
    empty, archive = tmp_path / "empty", tmp_path / "backup.tar"
    empty.write_text("[]")
    keys = {f"keys/{path.name}": path for path in (demo / "keys").iterdir()}
    members = {"register.sqlite3": demo / "register.sqlite3", **keys}
    manifest = Manifest(log=LOG, made_at="2026-03-02T03:00:00.000Z", sha256={})
    write_archive(archive, {**members, "keys/receipt-keys.json": empty}, manifest)
    done = sangkat("restore", archive, data=tmp_path / "data")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{archive} is no backup: keys/receipt-keys.json holds no keys\n"


def test_a_demonstration_and_its_backup_raise_no_alarm(demo: Path, tmp_path: Path):
    assert sangkat("restore", demo / "backup.tar", data=tmp_path).returncode == 0
    for data in (demo, tmp_path):
        done = sangkat("verify", data=data)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_served_register_is_not_replaced(demo: Path, tmp_path: Path):
    assert sangkat("restore", demo / "backup.tar", data=tmp_path).returncode == 0
    with served(tmp_path):
        done = sangkat("restore", demo / "backup.tar", "--force", data=tmp_path)
        assert done.returncode == 1
        assert "another process" in done.stderr


def test_a_backup_is_private_and_brings_everything_back(demo: Path, tmp_path: Path):
    assert stat.S_IMODE((demo / "backup.tar").stat().st_mode) == 0o600
    assert sangkat("restore", demo / "backup.tar", data=tmp_path).returncode == 0
    token = sangkat("account", "token", "--role", "officer", "--place", SANGKAT_4, data=tmp_path)
    with served(tmp_path) as server:
        headers = {"Authorization": f"Bearer {token.stdout.strip()}"}
        answer = httpx.get(f"{server.url}/v1/stays", headers=headers)
        assert len(answer.json()["items"]) == 41


async def test_phones_bring_back_what_a_restored_register_lost(tmp_path: Path):
    """Ten entries before the backup, ten after it: after the restore none is missing."""
    data, archive = tmp_path / "data", tmp_path / "backup.tar"
    assert sangkat("demo", "tiny", data=data).returncode == 0
    await create_outbox(tmp_path / "phone", LOG)
    with served(data) as server:
        sent = await exchange(tmp_path / "phone", server.url, entries=10, is_new=True)
        assert sangkat("backup", archive, "--unencrypted", data=data).returncode == 0
        port = server.url.rpartition(":")[2]
        sent += await exchange(tmp_path / "phone", server.url, entries=10)
    assert sangkat("restore", archive, "--force", data=data).returncode == 0
    with served(data, "--port", port) as server:
        assert set(sent) - await find_known(tmp_path / "phone", server.url) == set()
    assert sangkat("verify", data=data).returncode == 0


async def exchange(phone: Path, url: str, *, entries: int, is_new: bool = False) -> list[UUID]:
    """Compose premises on a phone, register it first if it is new, and exchange until all pass."""
    async with open_outbox(phone) as outbox, Client(url, outbox.key) as client:
        if is_new:
            contact = {"contact": makers.make_contact()}
            jwk = public_jwk(outbox.key)
            body = {"jwk": jwk, "capacity": "owner", "language": "km"}
            await outbox.compose({"kind": "account", "place": LOG, "body": body}, contact)
            home = {"kind": "premises", "place": SANGKAT_4, "body": makers.make_premises()}
            await outbox.compose(home)
        home = next(row.id for row in outbox.replica.rows.values() if row.kind == "premises")
        sent = [await compose_stay(outbox, home) for _ in range(entries)]
        for _ in range(3):
            assert await Exchange(outbox, client).run_once()
        return sent


async def compose_stay(outbox, home: UUID) -> UUID:
    stay = {"kind": "stay", "place": SANGKAT_4, "body": makers.make_stay(home), "after": [home]}
    row = await outbox.compose(stay, {"identity": makers.make_identity()})
    return row.id


async def find_known(phone: Path, url: str) -> set[UUID]:
    """Let the phone notice, send again and pull; return what the register shows it then."""
    async with open_outbox(phone) as outbox, Client(url, outbox.key) as client:
        for _ in range(4):
            await Exchange(outbox, client).run_once()
        states = {row.state for row in outbox.replica.rows.values()}
        assert states <= {"confirmed", "received"}, states
        return {row.id for row in outbox.replica.rows.values() if row.state == "confirmed"}
