"""A device and the real register: what was saved arrives once, whatever happens on the way."""

import shutil
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from api.register import Register
from sync.client import Client
from sync.outbox import create_outbox, open_outbox
from sync.receipts import read_head, read_receipt
from sync.states import Started
from tests.sync.way import (
    LOG,
    URL,
    Clock,
    Phone,
    Way,
    answer,
    change,
    enrol_program,
    lose_answer,
    lose_request,
    phone,
    send_twice,
    serving,
)

NOW = 1_663_643_465_123
YEAR_MS = 365 * 24 * 3600 * 1000
HOUR_MS = 3600 * 1000
PREMISES = {"kind": "guesthouse", "capacity": "owner"}


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def register(tmp_path: Path, clock: Clock) -> AsyncGenerator[tuple[Register, Way]]:
    async with serving(tmp_path / "register", clock) as served:
        yield served


@pytest.fixture
def way(register: tuple[Register, Way]) -> Way:
    return register[1]


@pytest.fixture
async def device(tmp_path: Path, way: Way, clock: Clock) -> AsyncGenerator[Phone]:
    async with phone(tmp_path, way, clock) as opened:
        yield opened


async def count_entries(register: tuple[Register, Way]) -> int:
    async with register[0].engine.reading() as tx:
        row = await tx.one("SELECT COUNT(*) FROM entries WHERE kind = 'premises'")
    assert row is not None
    return int(str(row[0]))


def last_row(device: Phone) -> Any:
    return list(device.outbox.replica.rows.values())[-1]


async def test_what_was_saved_offline_is_received_and_then_confirmed(device: Phone):
    await device.compose("premises", PREMISES)
    assert device.states() == ["queued", "queued"]
    assert await device.run()
    assert device.states() == ["received", "received"]
    assert await device.run()
    assert device.states() == ["confirmed", "confirmed"]


async def test_a_device_sees_what_the_register_made_of_its_documents(device: Phone):
    row = await device.compose("premises", PREMISES)
    assert await device.run()
    views = [msgspec.json.decode(view) for view in await device.outbox.list_views()]
    [premises] = [view for view in views if view["kind"] == "premises"]
    assert (premises["id"], premises["effect"]) == (str(row.id), "pending")


async def test_a_phone_whose_clock_is_years_wrong_signs_in_and_sends(
    tmp_path: Path, way: Way, register: tuple[Register, Way]
):
    async with phone(tmp_path, way, Clock(NOW - 7 * YEAR_MS)) as late:
        await late.compose("premises", PREMISES, made_at="2015-01-01T00:00:00.000Z")
        assert await late.run(2)
        assert late.states() == ["confirmed", "confirmed"]
    assert await count_entries(register) == 1


@pytest.mark.parametrize("fate", [lose_request, lose_answer])
@pytest.mark.parametrize("path", ["/v1/devices", "/oauth/token", "/v1/sync/push", "/v1/sync/pull"])
async def test_a_lost_message_loses_and_doubles_nothing(
    device: Phone, way: Way, clock: Clock, register: tuple[Register, Way], fate, path
):
    await device.compose("premises", PREMISES)
    way.then(path, fate)
    assert not await device.run()
    clock.ms += 2_000
    assert await device.run(2)
    assert device.states() == ["confirmed", "confirmed"]
    assert await count_entries(register) == 1


async def test_a_push_that_arrives_twice_gives_one_entry_and_one_receipt(
    device: Phone, way: Way, register: tuple[Register, Way]
):
    await device.compose("premises", PREMISES)
    way.then("/v1/sync/push", send_twice)
    assert await device.run()
    stored = await device.client.read_receipt(last_row(device).id)
    assert last_row(device).receipt == stored
    assert await count_entries(register) == 1


async def test_a_receipt_and_a_head_hold_offline(device: Phone):
    row = await device.compose("premises", PREMISES)
    assert await device.run()
    keys = device.outbox.receipt_keys
    receipt = read_receipt(last_row(device).receipt, keys)
    head = read_head(await device.client.read_head(LOG), keys)
    assert (receipt.id, receipt.hash, receipt.log) == (row.id, row.hash, LOG)
    assert head.pos == receipt.pos


async def test_a_token_that_ran_out_is_renewed_without_waiting(device: Phone, clock: Clock):
    assert await device.run()
    clock.ms += 13 * HOUR_MS
    await device.compose("premises", PREMISES)
    assert not await device.run()
    assert await device.run()
    assert last_row(device).receipt is not None


async def test_a_batch_that_is_too_large_is_halved_until_it_passes(device: Phone, way: Way):
    for _ in range(3):
        await device.compose("premises", PREMISES)
    assert await device.run()
    for _ in range(5):
        await device.compose("premises", {**PREMISES, "kind": "hotel"})
    way.then("/v1/sync/push", answer(413))
    way.then("/v1/sync/push", answer(413))
    assert not await device.run()
    assert not await device.run()
    assert device.outbox.replica.link.batch_items_max == 1
    assert await device.run()


@pytest.mark.parametrize(("path", "status"), [("sync/push", 200), ("devices", 403)])
async def test_a_page_that_answers_in_the_place_of_the_register_is_no_answer(
    device: Phone, way: Way, clock: Clock, path: str, status: int
):
    await device.compose("premises", PREMISES)
    way.then(f"/v1/{path}", answer(status, b"<html>Sign in to this Wi-Fi"))
    assert not await device.run()
    assert last_row(device).state == "queued"
    clock.ms += 2_000
    assert await device.run()


async def test_a_device_that_is_too_old_stops_composing_and_goes_on_sending(
    device: Phone, way: Way, clock: Clock
):
    await device.compose("premises", PREMISES)
    way.then("/v1/sync/push", answer(426))
    assert not await device.run()
    assert not device.outbox.replica.link.may_compose
    clock.ms += 2_000
    assert await device.run()
    assert last_row(device).state == "received"


async def test_another_server_is_named_and_nothing_is_dropped(device: Phone, way: Way):
    problem = {"type": "", "title": "", "status": 421, "code": "log.elsewhere"}
    moved = msgspec.json.encode({**problem, "details": {"base_url": "https://other.example"}})
    await device.compose("premises", PREMISES)
    way.then("/v1/sync/push", answer(421, moved))
    assert not await device.run()
    assert device.outbox.replica.link.moved_to == "https://other.example"
    assert last_row(device).state == "queued"


async def test_a_document_that_is_refused_stops_what_rests_on_it_and_nothing_else(device: Phone):
    bad = await device.compose("premises", {"kind": "castle", "capacity": "owner"})
    await device.compose("premises", PREMISES, after=[bad.id])
    await device.compose("premises", PREMISES)
    assert await device.run()
    assert device.states() == ["received", "rejected", "blocked", "received"]
    refused = device.outbox.replica.rows[bad.id]
    assert refused.code == "schema"
    assert refused.errors[0].pointer.startswith("/body")


def forge(said: dict[str, Any]) -> None:
    result = said["results"][-1]
    header, claims, signature = result["receipt"].split(".")
    result["receipt"] = f"{header}.{claims}.{signature[:-4]}AAAA"


async def test_a_receipt_that_does_not_hold_is_not_believed(device: Phone, way: Way, clock: Clock):
    await device.compose("premises", PREMISES)
    way.then("/v1/sync/push", change(forge))
    await device.exchange.send()
    assert last_row(device).state == "queued"
    clock.ms += 2_000
    assert await device.run()
    assert last_row(device).state == "received"


async def test_a_head_that_does_not_hold_confirms_nothing(device: Phone, way: Way, clock: Clock):
    await device.compose("premises", PREMISES)
    assert await device.run()
    way.then("/v1/sync/pull", change(lambda said: said.update(head=said["head"] + "A")))
    assert not await device.run()
    assert last_row(device).state == "received"
    clock.ms += 2_000
    assert await device.run()
    assert last_row(device).state == "confirmed"


async def test_a_phone_that_was_killed_while_sending_sends_again(
    device: Phone, way: Way, register: tuple[Register, Way]
):
    await device.compose("premises", PREMISES)
    assert await device.run()

    async def die(request: httpx.Request, pass_on: Any) -> httpx.Response:
        await (await pass_on(request)).aread()
        raise KeyboardInterrupt

    await device.compose("premises", PREMISES)
    way.then("/v1/sync/push", die)
    with pytest.raises(KeyboardInterrupt):
        await device.run()
    assert last_row(device).state == "sending"
    await device.outbox.apply(Started())
    assert await device.run(2)
    assert last_row(device).state == "confirmed"
    assert await count_entries(register) == 2


async def test_a_program_signs_in_with_its_own_grant_and_sends(
    tmp_path: Path, way: Way, clock: Clock, register: tuple[Register, Way]
):
    path = tmp_path / "program.sqlite"
    await create_outbox(path, LOG)
    async with (
        open_outbox(path) as outbox,
        Client(URL, outbox.key, "program", transport=way) as client,
    ):
        await enrol_program(register[0], outbox, ["registrations:write", "registrations:read"])
        program = Phone(outbox, client, clock)
        await program.compose("premises", PREMISES)
        assert await program.run(2)
        assert program.states() == ["confirmed"]


async def test_a_register_restored_from_before_gets_everything_back(tmp_path: Path, clock: Clock):
    folder, copy = tmp_path / "register", tmp_path / "copy"
    async with serving(folder, clock):
        pass
    shutil.copytree(folder, copy)
    async with serving(folder, clock) as (_, way), phone(tmp_path, way, clock) as device:
        await device.compose("premises", PREMISES)
        assert await device.run(2)
        assert device.states() == ["confirmed", "confirmed"]
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    async with serving(folder, clock) as served, phone(tmp_path, served[1], clock) as device:
        await device.compose("premises", PREMISES)
        for _ in range(6):
            await device.run()
            clock.ms += 10_000
        assert device.states() == ["confirmed"] * 3
        assert await count_entries(served) == 2
