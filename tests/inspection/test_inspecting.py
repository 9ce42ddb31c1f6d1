"""Whoever changes a register behind its back is found; an untouched one raises no alarm."""

import asyncio
import json
import shutil
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from api.authority import AccountAuthority, Work
from api.commands.verify import verify
from api.inspection.following_store import FOLLOWING
from api.ledger.committer import Committer
from api.ledger.group import Sent
from api.ledger.keys import load_keys
from api.ledger.records import Judged, Prepared, Pusher
from api.settings import Settings
from sync.document import read_document
from tests.commands.served import sangkat
from tests.inspection.living import live
from tests.inspection.tampering import TABLES, open_freely, tamper
from tests.makers import SANGKAT_4
from tests.world import open_world

TAMPERINGS = 128


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register that nobody serves any more; `early` is the same before the last document.

    Its author holds the receipt of that one, in `receipt`.
    """
    data, early = tmp_path_factory.mktemp("lived"), tmp_path_factory.mktemp("early")

    async def fill() -> None:
        async with open_world(data) as world:
            device, item = await live(world)
            await world.register.engine.backup(early / "register.sqlite3")
            (result,) = await device.push(item)
            (data / "receipt").write_text(result["receipt"])

    asyncio.run(fill())
    shutil.copytree(data / "keys", early / "keys")
    shutil.copytree(early, data / "early")
    return data


@pytest.fixture
def data(lived: Path, tmp_path: Path) -> Path:
    """A copy of it to tamper with."""
    return Path(shutil.copytree(lived, tmp_path / "data"))


async def count_wrong(data: Path, *receipts: Path) -> int:
    wrong, _ = await verify(Settings(data_dir=data), receipts)
    return wrong


def test_what_nobody_touched_holds_and_is_not_touched_by_looking(lived: Path):
    before = (lived / "register.sqlite3").read_bytes()
    done = sangkat("verify", "--receipt", lived / "receipt", data=lived)
    assert (done.returncode, done.stderr) == (0, "")
    assert (lived / "register.sqlite3").read_bytes() == before


async def test_each_of_a_hundred_tamperings_is_found(
    lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    missed = []
    for seed in range(TAMPERINGS):
        copy = Path(shutil.copytree(lived, tmp_path / str(seed)))
        said = tamper(copy, seed)
        if not await count_wrong(copy):
            missed.append(said)
        shutil.rmtree(copy)
    assert missed == []
    capsys.readouterr()


async def test_what_is_wrong_is_named_on_one_line(data: Path, capsys: pytest.CaptureFixture[str]):
    with open_freely(data) as file:
        file.execute("UPDATE accounts SET role = 'province' WHERE role = 'officer'")
    assert await count_wrong(data) == 1
    assert capsys.readouterr().out.startswith("accounts ")
    done = sangkat("verify", data=data)
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1


async def test_a_look_that_cannot_be_read_is_named(data: Path, capsys: pytest.CaptureFixture[str]):
    for value in (1, "x", b"x"):
        with open_freely(data) as file:
            file.execute("UPDATE audit SET subject = ? WHERE n = 1", (value,))
        assert await count_wrong(data) == 1
        assert capsys.readouterr().out == "audit: a row cannot be read\n"


async def test_a_change_of_the_last_look_is_found_and_only_its_absence_is_not(data: Path):
    with open_freely(data) as file:
        file.execute("UPDATE audit SET reason = 'x' WHERE n = (SELECT MAX(n) FROM audit)")
    assert await count_wrong(data) == 1
    with open_freely(data) as file:
        file.execute("DELETE FROM audit WHERE n = (SELECT MAX(n) FROM audit)")
    assert await count_wrong(data) == 0


class Lax(AccountAuthority):
    """Lets everything stand, as a register did that had a hole."""

    def judge(self, work: Work, prepared: Prepared, pusher: Pusher, now_ms: int) -> Judged:
        judged = super().judge(work, prepared, pusher, now_ms)
        return msgspec.structs.replace(judged, judgement="allowed")


@pytest.mark.parametrize("whose", ["register", "officer"])
async def test_a_grant_that_changed_an_account_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], whose: str
):
    async with open_world(tmp_path) as world:
        register = world.register
        authority = Lax(register.register_id)
        async with register.engine.reading() as tx:
            (row,) = await tx.all("SELECT account_id FROM accounts WHERE role = :role", role=whose)
        body = {"account_id": UUID(bytes=row[0]), "role": "district", "places": [SANGKAT_4]}
        item = register.composer.compose("grant", body)
        sent = [Sent(register.folder.prepare(read_document(item)), Pusher(None))]
        parts = (register.engine, register.log, register.folder, authority)
        async with Committer(*parts, keys=register.keys, clock=register.clock) as committer:
            (outcome,) = await committer.submit(sent)
        assert outcome.receipt is not None
    assert await count_wrong(tmp_path) == 1
    assert "may not write it (not-allowed)" in capsys.readouterr().out


async def test_a_tail_that_was_cut_off_is_found_with_a_receipt_held_elsewhere(data: Path):
    assert await count_wrong(data / "early") == 0
    assert await count_wrong(data / "early", data / "receipt") == 1


async def test_a_tail_that_the_operator_signed_anew_is_found_with_a_receipt(data: Path):
    flags = ["--name", "TEST DATA other history", "--place", SANGKAT_4]
    assert sangkat("clock", "--confirm", data=data / "early").returncode == 0
    assert sangkat("account", "token", *flags, data=data / "early").returncode == 0
    assert await count_wrong(data / "early") == 0
    assert await count_wrong(data / "early", data / "receipt") == 1


async def test_an_answer_of_the_register_is_taken_for_the_receipt_in_it(data: Path):
    answer = {"id": "x", "receipt": (data / "receipt").read_text()}
    (data / "answer.json").write_text(json.dumps(answer, indent=2))
    assert await count_wrong(data, data / "answer.json") == 0
    assert await count_wrong(data / "early", data / "answer.json") == 1


async def test_a_file_of_something_else_is_named_once_with_its_first_line(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    junk = data / "junk"
    junk.write_text(f"{(data / 'receipt').read_text()}\n\nneither\nnor\n")
    assert await count_wrong(data, junk) == 1
    said = capsys.readouterr().out
    assert said == f"{junk}: not a receipt of this register: line 3, the first of 2\n"


async def test_a_receipt_of_other_keys_proves_nothing_here(data: Path):
    shutil.rmtree(data / "keys")
    load_keys(data / "keys", 0)
    assert await count_wrong(data) > 0
    assert await count_wrong(data, data / "receipt") > 1


def test_without_keys_nothing_can_be_proved(data: Path):
    shutil.rmtree(data / "keys")
    assert sangkat("verify", data=data).returncode == 1
    assert not (data / "keys").exists()


def test_every_table_is_compared_or_known_to_be_plain(data: Path):
    plain = {
        "assertions",
        "audit",
        "backlog",
        "backlog_waits",
        "blobs",
        "budgets",
        "clocks",
        "erasures",
        "invitations",
        "migrations",
        "numbers",
        "posts",
        "refusals",
        "reveals",
        "settings",
        "tokens",
    }
    with open_freely(data) as file:
        rows = file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert {name for (name,) in rows} == plain | {table.name for table in FOLLOWING}
    assert {*TABLES} == {"audit"} | {table.name for table in FOLLOWING}
