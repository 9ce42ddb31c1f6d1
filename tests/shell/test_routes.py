"""The app's files arrive small, fresh and in bounds; register.json holds what works offline."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.shell.files import Site
from tests.world import World, open_world

SCRIPT = "const test_data = 1;\n" * 200


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[World]:
    """A register that serves a small built app."""
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / ".vite").mkdir()
    (dist / "index.html").write_text("<!doctype html>TEST DATA")
    (dist / "sw.js").write_text("// worker")
    (dist / "assets" / "main-1a2b3c.js").write_text(SCRIPT)
    (dist / ".vite" / "manifest.json").write_text("{}")
    async with open_world(tmp_path / "data", pwa_dir=dist) as world:
        yield world


async def read(world: World, path: str, **headers: str) -> Any:
    return await world.http.get(path, headers=headers)


async def test_a_file_that_is_not_of_the_app_is_not_found(site: World):
    for path in ("/app/missing.js", "/app/.vite/manifest.json", "/app/../register.sqlite3"):
        answer = await read(site, path)
        assert answer.status_code == 404
        assert answer.json()["code"] == "not-found"


@pytest.mark.parametrize("path", ["/app", "/app/", "/app/premises/new", "/app/stays/0187"])
async def test_every_address_of_the_app_is_answered_with_its_page(site: World, path: str):
    answer = await read(site, path)
    assert (answer.status_code, answer.text) == (200, "<!doctype html>TEST DATA")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


async def test_a_file_named_by_its_content_is_kept_for_ever_and_the_worker_is_not(site: World):
    script = await read(site, "/app/assets/main-1a2b3c.js")
    worker = await read(site, "/app/sw.js")
    assert "immutable" in script.headers["cache-control"]
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.headers["service-worker-allowed"] == "/"
    assert worker.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
async def test_a_file_comes_in_the_coding_asked_for(site: World, coding: str):
    asked = {"accept-encoding": coding}
    answer = await read(site, "/app/assets/main-1a2b3c.js", **asked)
    assert answer.headers.get("content-encoding", "identity") == coding
    assert answer.text == SCRIPT
    assert (int(answer.headers["content-length"]) < len(SCRIPT)) == (coding != "identity")


async def test_a_file_that_the_browser_has_is_not_sent_again(site: World):
    first = await read(site, "/app/")
    again = await read(site, "/app/", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_the_page_may_run_only_what_came_with_it(site: World):
    headers = (await read(site, "/app/")).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation=(self)" in headers["permissions-policy"]


async def test_answers_to_programs_may_run_nothing_and_stay_nowhere(site: World):
    for path in ("/livez", "/v1/receipts/0187d5a0-0000-7000-8000-000000000000"):
        headers = (await read(site, path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"


async def test_short_addresses_lead_into_the_app(site: World):
    for path, leads_to in (("/", "/app/"), ("/verify", "/app/verify")):
        answer = await read(site, path)
        assert (answer.status_code, answer.headers["location"]) == (302, leads_to)


async def test_a_file_can_be_asked_about_without_its_body(site: World):
    answer = await site.http.head("/app/sw.js")
    assert answer.status_code == 200


async def test_the_app_knows_offline_what_it_needs(site: World):
    shell = (await read(site, "/app/register.json")).json()
    assert (shell["log"], shell["hotline"], shell["demo"]) == ("psh-p-preah-sihanouk", "117", True)
    assert {place["level"] for place in shell["places"]} == {"province", "district", "commune"}
    assert [order["is_open"] for order in shell["orders"]] == [False, True]
    assert {order["pledge_text_id"] for order in shell["orders"]} <= {
        text["id"] for text in shell["pledge_texts"]
    }
    assert {text["status"] for text in shell["pledge_texts"]} == {"draft"}
    info = (await read(site, "/v1/sync/info")).json()
    assert shell["receipt_keys"] == info["receipt_keys"]


async def test_what_the_app_knows_is_sent_again_only_when_it_changed(site: World):
    first = await read(site, "/app/register.json")
    site.clock.move(minutes=1)
    again = await read(site, "/app/register.json", **{"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    site.clock.move(days=400)
    await site.register.committer.submit([])
    assert (await read(site, "/app/register.json")).headers["cache-control"] == "no-cache"


def test_a_folder_that_was_never_built_serves_nothing(tmp_path: Path):
    assert Site.load(tmp_path / "missing").find("index.html") is None


def test_a_packed_body_unpacks_to_the_file(tmp_path: Path):
    (tmp_path / "a.js").write_text(SCRIPT)
    found = Site.load(tmp_path).find("a.js")
    assert found is not None
    assert gzip.decompress(found.choose("gzip;q=0.5, deflate")[1]).decode() == SCRIPT
