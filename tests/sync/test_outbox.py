"""The outbox: what it said it saved is there after a crash, and one process alone holds it."""

import sqlite3
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.document import Refused, compose, is_authentic, read_item
from sync.keys import new_private_key, public_jwk
from sync.messages import Anchor, Change
from sync.outbox import Outbox, create_outbox, open_outbox
from sync.states import Answered, Gone, ItemAnswer, Pulled, Row, Sending

LOG = "psh-p-preah-sihanouk"
STAY: dict[str, Any] = {"kind": "stay", "place": "psh-c-sangkat-4", "body": {"sex": "X"}}


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    file = tmp_path / "outbox.sqlite"
    await create_outbox(file, LOG)
    return file


def received(row: Row, pos: int) -> Answered:
    answer = ItemAnswer(id=row.id, hash=row.hash, custody="stored", receipt="receipt", pos=pos)
    return Answered(sent=(row.id,), results=(answer,), at_ms=0, random=0.0)


def pulled(sent: str | None, cursor: str, **fields: Any) -> Pulled:
    return Pulled(
        sent_cursor=sent, cursor=cursor, head_pos=9, passed_pos=9, server_time_ms=0, **fields
    )


def change(row: Row, sex: str) -> Change:
    view = msgspec.Raw(msgspec.json.encode({"id": row.id, "sex": sex}))
    return Change(LOG, 5, row.id, "stay", row.id, "pending", view=view)


async def read_views(outbox: Outbox) -> list[str]:
    return [msgspec.json.decode(view)["sex"] for view in await outbox.list_views()]


async def test_an_outbox_is_made_once(path: Path):
    with pytest.raises(sqlite3.OperationalError):
        await create_outbox(path, LOG)


async def test_an_outbox_that_was_never_made_is_not_opened(tmp_path: Path):
    with pytest.raises(sqlite3.OperationalError):
        async with open_outbox(tmp_path / "none.sqlite"):
            pass


async def test_two_processes_never_hold_one_outbox(path: Path):
    async with open_outbox(path):
        with pytest.raises(sqlite3.OperationalError):
            async with open_outbox(path):
                pass


async def test_nobody_else_on_the_machine_reads_an_outbox(path: Path):
    async with open_outbox(path) as outbox:
        await outbox.compose(STAY)
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("outbox*")}
    assert modes == {0o600}


async def test_an_outbox_waits_for_the_disk(path: Path):
    async with open_outbox(path) as outbox:
        [(synchronous,)] = await outbox._file.execute_fetchall("PRAGMA synchronous")
        [(journal,)] = await outbox._file.execute_fetchall("PRAGMA journal_mode")
    assert (synchronous, journal) == (2, "wal")


async def test_a_saved_document_is_there_when_the_program_starts_again(path: Path):
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY, {"identity": {"primary": "TESTDATA"}})
        [before] = await outbox.list_items([row])
    async with open_outbox(path) as outbox:
        assert list(outbox.replica.rows.values()) == [row]
        assert await outbox.list_items([row]) == [before]
        document = read_item(before)
        assert is_authentic(document, public_jwk(outbox.key))
        assert document.payload.log == LOG


async def test_a_key_counts_its_documents_over_every_start(path: Path):
    for _ in range(2):
        async with open_outbox(path) as outbox:
            await outbox.compose(STAY)
    async with open_outbox(path) as outbox:
        items = await outbox.list_items(list(outbox.replica.rows.values()))
    assert [read_item(item).payload.seq for item in items] == [1, 2]


async def test_a_document_carries_the_last_receipt_as_its_anchor(path: Path):
    anchor = Anchor(41, "A" * 43, "2022-09-20T03:11:05.123Z")
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        await outbox.apply(received(row, 41), anchor)
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        [item] = await outbox.list_items([row])
    assert read_item(item).payload.anchor == anchor


async def test_the_same_document_is_carried_once(path: Path):
    item = compose(new_private_key(), {**STAY, "log": LOG})
    async with open_outbox(path) as outbox:
        first = await outbox.carry(item)
        assert await outbox.carry(item) == first
        assert len(outbox.replica.rows) == 1


async def test_other_bytes_never_take_the_place_of_a_document(path: Path):
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        with pytest.raises(Refused, match="id-reuse"):
            await outbox.compose({**STAY, "id": row.id, "entity": row.id})
        assert await outbox.compose(STAY) != row


async def test_a_document_that_cannot_be_read_is_not_kept(path: Path):
    async with open_outbox(path) as outbox:
        with pytest.raises(Refused, match="malformed"):
            await outbox.compose({**STAY, "kind": ""})
        row = await outbox.compose(STAY)
        [item] = await outbox.list_items([row])
    assert read_item(item).payload.seq == 1


async def test_what_was_being_sent_is_queued_when_the_program_starts_again(path: Path):
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        await outbox.apply(Sending((row.id,)))
    async with open_outbox(path) as outbox:
        assert outbox.replica.rows[row.id].state == "queued"


async def test_a_pull_is_kept_whole_or_not_at_all(path: Path):
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        await outbox.apply(received(row, 5))
        await outbox.keep_pulled(pulled(None, "one"), [change(row, "M")])
        with pytest.raises(UnicodeEncodeError):
            await outbox.keep_pulled(pulled("one", "two\ud800"), [change(row, "F")])
        assert outbox.replica.cursor == "one"
        assert await read_views(outbox) == ["M"]
    async with open_outbox(path) as outbox:
        assert outbox.replica.cursor == "one"
        assert await read_views(outbox) == ["M"]


async def test_a_pull_that_answers_an_older_cursor_leaves_no_trace(path: Path):
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        await outbox.keep_pulled(pulled(None, "one"), [change(row, "M")])
        await outbox.keep_pulled(pulled(None, "other"), [change(row, "F")])
        assert outbox.replica.cursor == "one"
        assert await read_views(outbox) == ["M"]


async def test_a_snapshot_is_kept_like_changes(path: Path):
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        view = change(row, "F").view
        assert isinstance(view, msgspec.Raw)
        await outbox.keep_pulled(pulled(None, "one"), [], [view])
        assert await read_views(outbox) == ["F"]


async def test_a_lost_history_takes_the_views_and_never_a_document(path: Path):
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        await outbox.apply(received(row, 5))
        await outbox.keep_pulled(pulled(None, "one"), [change(row, "M")])
        await outbox.keep_pulled(pulled("one", "two", at={str(row.id): 5}), [])
        assert outbox.replica.rows[row.id].state == "confirmed"
        await outbox.apply(Gone(sent_cursor="two"))
    async with open_outbox(path) as outbox:
        assert outbox.replica.cursor is None
        assert outbox.replica.rows[row.id].state == "received"
        assert await read_views(outbox) == []
        assert len(await outbox.list_items([row])) == 1


async def test_only_a_summary_loses_its_bytes(path: Path):
    day_ms = 24 * 3600 * 1000
    async with open_outbox(path) as outbox:
        row = await outbox.compose(STAY)
        await outbox.apply(received(row, 5))
        await outbox.keep_pulled(pulled(None, "one"), [])
        await outbox.keep_pulled(pulled("one", "two", at={str(row.id): 5}), [])
        assert len(await outbox.list_items([row])) == 1
        late = msgspec.structs.replace(pulled("two", "three"), server_time_ms=60 * day_ms)
        await outbox.keep_pulled(late, [])
        assert outbox.replica.rows[row.id].state == "summary"
        assert await outbox.list_items([row]) == []


async def test_the_keys_of_receipts_are_remembered(path: Path):
    jwk = public_jwk(new_private_key())
    async with open_outbox(path) as outbox:
        await outbox.keep_receipt_keys({"one": jwk})
    async with open_outbox(path) as outbox:
        await outbox.keep_receipt_keys({"two": jwk})
        assert set(outbox.receipt_keys) == {"one", "two"}
