"""What is kept beside the log is found too: the keys that are published, triggers, erasures."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.commands.verify import verify
from api.ledger.keys import ReceiptKey, load_keys
from api.settings import Settings
from sync.keys import new_private_key, public_jwk, thumbprint
from tests.commands.served import sangkat
from tests.makers import make_premises
from tests.world import Clock, open_world, serving

LATER, EARLIER = "2096-01-01T00:00:00.000Z", "1996-01-01T00:00:00.000Z"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register whose receipt key was retired twice; the second one signed nothing."""
    data = tmp_path_factory.mktemp("lived")

    async def fill() -> None:
        async with open_world(data) as world:
            await world.owner.send("premises", make_premises())
        clock = Clock()
        for days in (2, 3):
            (data / "keys" / "receipt.pem").unlink()
            clock.move(days=days)
            async with serving(Settings(data_dir=data, is_demo=True), clock):
                pass

    asyncio.run(fill())
    return data


@pytest.fixture
def data(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "data"))


async def list_wrong(data: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    wrong, _ = await verify(Settings(data_dir=data))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == wrong
    return lines


def read_published(data: Path) -> list[ReceiptKey]:
    text = (data / "keys" / "receipt-keys.json").read_bytes()
    return msgspec.json.decode(text, type=list[ReceiptKey])


def publish(data: Path, keys: list[ReceiptKey]) -> None:
    (data / "keys" / "receipt-keys.json").write_bytes(msgspec.json.encode(keys))


def make_foreign(valid_from: str, valid_until: str | None) -> ReceiptKey:
    jwk = public_jwk(new_private_key())
    parts = (jwk.kty, jwk.crv, jwk.x, jwk.y)
    return ReceiptKey(*parts, thumbprint(jwk), valid_from, valid_until)


async def test_keys_that_the_register_retired_itself_hold(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    assert len(read_published(data)) == 3
    assert await list_wrong(data, capsys) == []


@pytest.mark.parametrize("place", [0, 1, 2, 3])
@pytest.mark.parametrize("valid_until", [LATER, None])
async def test_a_foreign_key_is_named_and_not_served(
    data: Path, capsys: pytest.CaptureFixture[str], place: int, valid_until: str | None
):
    foreign = make_foreign(EARLIER, valid_until)
    keys = read_published(data)
    publish(data, [*keys[:place], foreign, *keys[place:]])
    lines = await list_wrong(data, capsys)
    assert any(foreign.kid in line for line in lines) or place == 0
    assert lines != []
    done = sangkat("serve", "--port", "0", data=data)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "contradicts itself" in done.stderr


async def test_a_foreign_key_before_the_first_is_named(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    keys = read_published(data)
    foreign = make_foreign(EARLIER, keys[-1].valid_from)
    publish(data, [*keys, foreign])
    (line,) = await list_wrong(data, capsys)
    assert foreign.kid in line


async def test_a_key_that_signed_when_it_was_not_in_use_is_named(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    keys = read_published(data)
    publish(data, [*keys[:2], msgspec.structs.replace(keys[2], valid_from=LATER)])
    (line,) = await list_wrong(data, capsys)
    assert keys[2].kid in line
    ended = msgspec.structs.replace(keys[2], valid_until=EARLIER)
    begun = msgspec.structs.replace(keys[1], valid_from=EARLIER)
    publish(data, [keys[0], begun, ended])
    (line,) = await list_wrong(data, capsys)
    assert keys[2].kid in line
    assert "signed entry 1 " in line


async def test_a_key_that_is_not_published_is_named(data: Path, capsys: pytest.CaptureFixture[str]):
    keys = read_published(data)
    publish(data, keys[1:])
    assert any(keys[0].kid in line for line in await list_wrong(data, capsys))
    publish(data, keys[:2])
    assert any(
        keys[2].kid in line and "not published" in line for line in await list_wrong(data, capsys)
    )


async def test_proving_publishes_nothing(data: Path, capsys: pytest.CaptureFixture[str]):
    before = read_published(data)
    (data / "keys" / "receipt.pem").unlink()
    load_keys(data / "other", 0)
    shutil.copy(data / "other" / "receipt.pem", data / "keys" / "receipt.pem")
    (line,) = await list_wrong(data, capsys)
    assert "is in use and not published" in line
    assert read_published(data) == before


@pytest.mark.parametrize("command", ["serve --port 0", "verify", "order list"])
def test_an_empty_list_of_keys_ends_the_command(data: Path, command: str):
    (data / "keys" / "receipt-keys.json").write_text("[]")
    done = sangkat(*command.split(), data=data)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "receipt-keys.json holds no keys" in done.stderr
    assert (data / "keys" / "receipt-keys.json").read_text() == "[]"


async def test_a_private_key_that_others_may_open_is_named_until_the_next_start(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    key = data / "keys" / "receipt.pem"
    key.chmod(0o640)
    said = f"{key}: a private key that other users may open (mode 0640)"
    assert await list_wrong(data, capsys) == [said]
    assert key.stat().st_mode & 0o777 == 0o640
    done = sangkat("order", "list", data=data)
    assert done.returncode == 0
    assert "other users could open receipt.pem (mode 0640), 0600 now" in done.stderr
    assert await list_wrong(data, capsys) == []


WEAKER = """
    DROP TRIGGER entries_never_change;
    CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries BEGIN SELECT 1; END
"""
CHANGES: Any = [
    ("DROP TRIGGER entries_never_change", "trigger entries_never_change: is missing"),
    ("DROP INDEX backlog_waits_by_id", "index backlog_waits_by_id: is missing"),
    ("CREATE TABLE own (a TEXT)", "table 'own': is not of this program"),
    (
        "CREATE TRIGGER own AFTER INSERT ON entries BEGIN DELETE FROM posts; END",
        "trigger 'own': is not of this program",
    ),
    (
        WEAKER,
        "trigger entries_never_change: is not as this program makes it",
    ),
    (
        "CREATE UNIQUE INDEX entries_never_go ON stays (stay_id)",
        "index 'entries_never_go': is not of this program",
    ),
    ("ALTER TABLE posts ADD COLUMN own TEXT", "table posts: is not as this program makes it"),
]


@pytest.mark.parametrize(("sql", "said"), CHANGES)
async def test_a_changed_schema_is_named(
    data: Path, capsys: pytest.CaptureFixture[str], sql: str, said: str
):
    with closing(sqlite3.connect(data / "register.sqlite3")) as file:
        file.executescript(sql)
    assert await list_wrong(data, capsys) == [said]


async def test_statistics_are_no_change(data: Path, capsys: pytest.CaptureFixture[str]):
    with closing(sqlite3.connect(data / "register.sqlite3")) as file:
        file.executescript("ANALYZE")
    assert await list_wrong(data, capsys) == []


async def test_an_erasure_that_no_document_asks_for_is_named(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    with closing(sqlite3.connect(data / "register.sqlite3")) as file:
        file.executescript(
            "INSERT INTO erasures SELECT log, id, 'identity' FROM entries WHERE kind = 'premises'"
        )
    (line,) = await list_wrong(data, capsys)
    assert line.startswith("erasures ")
    assert line.endswith(" identity: has no origin in the log")
