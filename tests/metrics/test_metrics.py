"""What an operator sees from outside: counted where it happens, told of one register only."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from api.backups.folder import back_up_into, find_newest, list_backups
from api.problems import StorageFull
from sync.document import uuid7
from tests import makers
from tests.makers import LOG
from tests.metrics.figures import fetch, scrape, scrape_until
from tests.world import START_MS, World, open_world


async def test_a_push_is_counted_by_what_became_of_each_document(world: World):
    before = await scrape(world.register)
    await world.owner.send_premises()
    unknown = uuid7(START_MS)
    disclosed = {"identity": makers.make_identity(), "document": makers.make_document()}
    body = makers.make_stay(unknown)
    stay = world.owner.compose("stay", body, disclosed=disclosed, after=[unknown])
    await world.owner.push(stay)
    await world.owner.push(world.owner.compose("stay", {}))
    await world.owner.push(world.owner.compose("stay", {}), path="/v1/sync/push?dry_run=1")
    figures = await scrape(world.register)
    custody = {key[1]: value for key, value in figures.items() if key[0].startswith("sangkat_doc")}
    assert custody == {"stored": 1, "held": 1, "rejected": 1, "schema": 1}
    assert figures["sangkat_backlog_documents", "missing"] == 1
    assert figures["sangkat_log_position", LOG] == before["sangkat_log_position", LOG] + 1


async def test_requests_are_counted_by_operation_and_what_nobody_answers_together(world: World):
    before = await scrape(world.register)
    for name in ("a", "b"):
        await world.http.get(f"/{name}")
        await world.http.get(f"/v1/stays/{uuid7(START_MS)}")
    await world.owner.read("/v1/premises")
    after = await scrape(world.register)
    grown = {key: after[key] - before.get(key, 0) for key in after if "requests" in key[0]}
    assert {key[1:]: value for key, value in grown.items() if value} == {
        ("none", "4xx"): 2,
        ("stays.read", "4xx"): 2,
        ("premises.read", "2xx"): 1,
    }
    assert after["sangkat_request_duration_seconds_bucket", "+Inf", "stays.read"] == 2
    refused = {key[1]: value for key, value in after.items() if key[0] == "sangkat_refusals_total"}
    assert refused == {"not-found": 2, "token.invalid": 2}


async def test_commits_are_measured_with_what_they_held(world: World):
    before = await scrape(world.register)
    await world.owner.push(
        *(world.owner.compose("premises", makers.make_premises()) for _ in range(7))
    )
    after = await scrape(world.register)
    assert after["sangkat_commit_documents_sum",] - before["sangkat_commit_documents_sum",] == 7
    one_more = before["sangkat_commit_duration_seconds_count",] + 1
    assert after["sangkat_commit_duration_seconds_count",] == one_more


async def test_a_reader_that_waits_for_news_is_seen_waiting(world: World):
    cursor = (await world.client.read("/v1/feed"))["cursor"]
    asked = world.client.get("/v1/feed", cursor=cursor, wait=20)
    polls = asyncio.create_task(asked)
    figures = await scrape_until(world.register, "sangkat_long_polls_open", 1)
    assert figures["sangkat_requests_in_progress",] == 1
    world.register.arrivals.stop()
    await polls
    figures = await scrape(world.register)
    assert figures["sangkat_long_polls_open",] == figures["sangkat_requests_in_progress",] == 0


async def test_a_clock_that_jumped_and_a_backup_are_told(world: World, tmp_path: Path):
    figures = await scrape(world.register)
    assert figures["sangkat_clock_in_doubt",] == 0
    assert ("sangkat_last_backup_timestamp_seconds",) not in figures
    (folder := tmp_path / "backups").mkdir()
    await back_up_into(world.register, folder, ())
    figures = await scrape(world.register)
    made = find_newest(folder, LOG)
    assert made is not None
    assert figures["sangkat_last_backup_timestamp_seconds",] == made.timestamp()


async def test_a_start_forgets_no_backup_that_is_there_and_believes_in_none_that_is_gone(
    tmp_path: Path,
):
    (folder := tmp_path / "backups").mkdir()
    name = "sangkat_last_backup_timestamp_seconds"
    async with open_world(tmp_path / "data", backups_dir=folder) as world:
        assert (name,) not in await scrape(world.register)
        made = await back_up_into(world.register, folder, ())
    async with open_world(tmp_path / "data", backups_dir=folder) as world:
        (folder / f"{LOG}.20990101T000000Z.tar").touch()
        assert (await scrape(world.register))[name,] == max(find_past(folder)).timestamp()
        (folder / f"{LOG}.20200101T000000Z.tar.age").touch()
        made.path.unlink()
        old = datetime(2020, 1, 1, tzinfo=UTC)
        assert (await scrape(world.register))[name,] == old.timestamp()
        folder.rename(tmp_path / "elsewhere")
        assert (name,) not in await scrape(world.register)


def find_past(folder: Path) -> list[datetime]:
    return [instant for instant in list_backups(folder, LOG) if instant <= datetime.now(UTC)]


async def test_a_database_that_says_nothing_leaves_the_other_figures(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    async def refuse(*_: object) -> None:
        raise StorageFull

    monkeypatch.setattr(world.register.engine, "read", refuse)
    monkeypatch.setattr(world.register.engine, "check", refuse)
    figures = await scrape(world.register)
    assert figures["sangkat_database_durable",] == 0
    assert ("sangkat_log_position", LOG) not in figures
    assert ("sangkat_requests_in_progress",) in figures


async def test_registers_count_apart(world: World, tmp_path: Path):
    async with open_world(tmp_path / "other") as other:
        await other.owner.send_premises()
        assert ("sangkat_documents_total", "stored") in await scrape(other.register)
        assert ("sangkat_documents_total", "stored") not in await scrape(world.register)


async def test_prometheus_gets_the_form_that_it_asks_for(world: World):
    plain = await fetch(world.register)
    assert plain.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    asked = "application/openmetrics-text; version=1.0.0"
    answer = await fetch(world.register, asked)
    assert answer.headers["content-type"].startswith(asked)
    assert answer.text.endswith("# EOF\n")


async def test_the_figures_are_not_on_the_public_address(world: World):
    assert (await world.http.get("/metrics")).status_code == httpx.codes.NOT_FOUND
