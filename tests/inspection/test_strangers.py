"""Rows that SQLite takes and this program never writes, and files whose pages are damaged."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from api.commands.verify import verify
from api.inspection.following_store import FOLLOWING
from api.settings import Settings
from tests.inspection.living import live
from tests.inspection.tampering import open_freely
from tests.inspection.test_keeping import list_wrong
from tests.world import open_world


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with at least a row in every table that follows from the log."""
    data = tmp_path_factory.mktemp("lived")

    async def fill() -> None:
        async with open_world(data) as world:
            await live(world)

    asyncio.run(fill())
    return data


@pytest.fixture
def data(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "data"))


def copy_row(file: sqlite3.Connection, table: str, **changes: Any) -> None:
    """Add a row like the first one, but for these columns."""
    found = file.execute(f"SELECT * FROM {table} ORDER BY rowid LIMIT 1")
    names = [column[0] for column in found.description]
    row = dict(zip(names, found.fetchone(), strict=True)) | changes
    marks = ", ".join("?" * len(row))
    file.execute(f"INSERT INTO {table} VALUES ({marks})", list(row.values()))


def list_keys(file: sqlite3.Connection, table: str) -> list[str]:
    columns = file.execute(f"PRAGMA table_info({table})").fetchall()
    keys = sorted((key, name) for _, name, *_, key in columns if key)
    return [name for _, name in keys if name != "log"]


KEYED = [table.name for table in FOLLOWING if table.key_parts]
BEFORE_ALL: Any = {"entries": (-1, -1.5), "devices": ("",), "early_revocations": ("",)}


@pytest.mark.parametrize("table", KEYED)
async def test_a_row_whose_key_comes_before_all_others_is_named(
    data: Path, capsys: pytest.CaptureFixture[str], table: str
):
    strangers = BEFORE_ALL.get(table, ("", "abc", 5, b""))
    with open_freely(data) as file:
        for number, stranger in enumerate(strangers):
            key = list_keys(file, table)[0]
            apart = {"id": bytes(15) + bytes([number])} if table == "entries" else {}
            copy_row(file, table, **apart, **{key: stranger})
    lines = [line for line in await list_wrong(data, capsys) if not line.startswith("database: ")]
    assert len(lines) == len(strangers)
    assert all(line.startswith(f"{table} ") for line in lines)
    assert all(line.endswith(": has no origin in the log") for line in lines)


async def test_an_account_under_an_empty_name_is_no_officer_unseen(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    with open_freely(data) as file:
        copy_row(file, "accounts", account_id="evil\nnothing is wrong", role="officer")
    (line,) = await list_wrong(data, capsys)
    assert line == r"accounts 'evil\nnothing is wrong': has no origin in the log"


async def test_every_row_is_walked_where_strangers_fill_pages(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    with open_freely(data) as file:
        for number in range(2_500):
            copy_row(file, "premises", premises_id=number if number % 2 else f"text {number}")
        file.execute("UPDATE premises SET place = 'x' WHERE typeof(premises_id) = 'blob'")
        (true,) = file.execute(
            "SELECT COUNT(*) FROM premises WHERE typeof(premises_id) = 'blob'"
        ).fetchone()
    wrong, _ = await verify(Settings(data_dir=data))
    assert wrong == 2_500 + true
    assert "… and" in capsys.readouterr().out


UNREADABLE: Any = [
    ("pos", "'abc'"),
    ("id", "'abc'"),
    ("id", "x'00'"),
    ("entity", "'abc'"),
    ("hash", "'abc'"),
    ("chain", "5.5"),
    ("kind", "x'00'"),
    ("received_ms", "-1"),
    ("received_ms", "9223372036854775807"),
    ("receipt", "x'00'"),
]


@pytest.mark.parametrize(("column", "value"), UNREADABLE)
async def test_an_entry_that_cannot_be_read_is_named(
    data: Path, capsys: pytest.CaptureFixture[str], column: str, value: str
):
    with open_freely(data) as file:
        file.execute(f"UPDATE entries SET {column} = {value} WHERE pos = 5")
    lines = await list_wrong(data, capsys)
    assert f"entry {value if column == 'pos' else 5}: cannot be read" in lines


@pytest.mark.parametrize("column", ["protected", "bytes", "signature"])
async def test_a_payload_of_another_type_is_named(
    data: Path, capsys: pytest.CaptureFixture[str], column: str
):
    with open_freely(data) as file:
        kind = "TEXT" if column == "bytes" else "BLOB"
        file.execute(f"UPDATE payloads SET {column} = CAST({column} AS {kind})")
    assert (await list_wrong(data, capsys))[0] == "entry 1: cannot be read"


async def test_a_disclosure_of_another_type_is_named(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    with open_freely(data) as file:
        changed = file.execute("UPDATE disclosures SET bytes = CAST(bytes AS TEXT)").rowcount
    lines = await list_wrong(data, capsys)
    assert len(lines) == changed
    assert all(line.startswith("disclosures ") for line in lines)


async def test_a_look_before_the_first_is_named(data: Path, capsys: pytest.CaptureFixture[str]):
    for stranger in (0, -1.5, "abc", b""):
        with open_freely(data) as file:
            file.execute("DELETE FROM audit WHERE typeof(n) <> 'integer' OR n < 1")
            copy_row(file, "audit", n=stranger)
        (line,) = await list_wrong(data, capsys)
        assert line.startswith("audit")


def rebuild(file: sqlite3.Connection, index: str, condition: str) -> None:
    """Build an index anew for some rows only, and let the schema go on saying that it has all."""
    file.execute("PRAGMA writable_schema = ON")
    (sql,) = file.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchone()
    file.execute(f"DROP INDEX {index}")
    file.execute(f"{sql} WHERE {condition}")
    file.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, index))
    file.execute("PRAGMA writable_schema = RESET")


async def test_rows_that_an_index_hides_are_named(data: Path, capsys: pytest.CaptureFixture[str]):
    with open_freely(data) as file:
        rebuild(file, "entities_by_place_effect", "kind <> 'stay'")
        (hidden,) = file.execute("SELECT COUNT(*) FROM entities WHERE kind = 'stay'").fetchone()
    said = [line for line in await list_wrong(data, capsys) if "entities_by_place_effect" in line]
    # SQLite names each row that it misses, and once that the numbers differ.
    assert len(said) == hidden + 1
    assert all(line.startswith("database: ") for line in said)


async def test_damaged_pages_of_an_index_are_named(data: Path, capsys: pytest.CaptureFixture[str]):
    with closing(sqlite3.connect(data / "register.sqlite3")) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page_bytes,) = file.execute("PRAGMA page_size").fetchone()
        (page,) = file.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'entities_by_kind'"
        ).fetchone()
    with (data / "register.sqlite3").open("r+b") as raw:
        raw.seek((page - 1) * page_bytes + 8)
        raw.write(b"\xa5" * (page_bytes - 8))
    lines = await list_wrong(data, capsys)
    assert lines
    assert all(line.startswith("database: ") for line in lines)
