"""The built app as a browser keeps it: opened again without signal, at any of its addresses."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, expect

from tests.pwa.browser import CONTROLLED, open_browser, serve
from tests.pwa.front import PORTAL
from tests.pwa.scripts import DIST

REGISTER: Final[dict[str, Any]] = {
    "register": "TEST DATA",
    "name": {"km": "សាកល្បង", "en": "TEST DATA", "zh": "测试"},
    "log": "psh-p-preah-sihanouk",
    "demo": True,
    "server_time": "2022-09-20T03:11:05.123Z",
    "places": [],
    "orders": [],
    "pledge_texts": [],
    "receipt_keys": [],
    "hotline": "117",
    "base_url": "http://127.0.0.1",
}
KEPT_PLACES: Final = """async () => (await (await fetch("/app/register.json")).json()).register"""

pytestmark = pytest.mark.asyncio(loop_scope="session")


KEPT: Final = """async () => {
    const kept = await Promise.all((await caches.keys()).map(async (name) => {
        const cache = await caches.open(name);
        const requests = await cache.keys();
        return Promise.all(requests.map(async (request) =>
            [new URL(request.url).pathname, await (await cache.match(request)).text()]));
    }));
    return Object.fromEntries(kept.flat());
}"""


class Site:
    """The built app at an address of its own, and what was asked there."""

    def __init__(self, origin: str, asked: list[str], portal: set[str]) -> None:
        self.origin = origin
        self.asked = asked
        #: Addresses at which another's page is answered.
        self.portal = portal


@pytest_asyncio.fixture(loop_scope="session")
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    assert (DIST / "index.html").is_file(), "build the app first: npm run build in pwa"
    register = tmp_path / "register.json"
    register.write_text(json.dumps(REGISTER))

    foreign = tmp_path / "portal.html"
    foreign.write_text(PORTAL)
    portal: set[str] = set()

    def find(path: str) -> Path | None:
        if path in portal:
            return foreign
        if path == "/app/register.json":
            return register
        file = DIST / path.removeprefix("/app/") if path.startswith("/app/") else None
        return file if file is not None and file.is_file() else DIST / "index.html"

    asked: list[str] = []
    async with serve(find, asked) as origin:
        yield Site(origin, asked, portal)


async def open_app(phone: BrowserContext, site: Site, faults: list[str]) -> Page:
    page = await phone.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if is_refusal(said.text) else None)
    await page.goto(f"{site.origin}/app/")
    await page.evaluate(CONTROLLED)
    return page


def is_refusal(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


async def read_screen(page: Page) -> str:
    heading = page.locator("#app h1").first
    await heading.wait_for()
    return await heading.inner_text()


async def test_the_app_opens_again_without_signal(phone: BrowserContext, site: Site):
    faults: list[str] = []
    page = await open_app(phone, site, faults)
    shown = await read_screen(page)
    await phone.set_offline(True)
    await page.reload()
    assert await read_screen(page) == shown
    assert faults == []


async def test_any_address_of_the_app_opens_without_signal(phone: BrowserContext, site: Site):
    page = await open_app(phone, site, [])
    await phone.set_offline(True)
    for path in ("/app/premises/new", "/app/outbox", "/app/verify#abc"):
        await page.goto(site.origin + path)
        assert await read_screen(page) != ""


async def test_places_and_orders_are_there_without_signal(phone: BrowserContext, site: Site):
    page = await open_app(phone, site, [])
    await phone.set_offline(True)
    assert await page.evaluate(KEPT_PLACES) == "TEST DATA"


async def test_fresh_places_are_fetched_when_there_is_signal(phone: BrowserContext, site: Site):
    page = await open_app(phone, site, [])
    before = site.asked.count("GET /app/register.json")
    assert await page.evaluate(KEPT_PLACES) == "TEST DATA"
    assert site.asked.count("GET /app/register.json") > before


async def test_what_a_portal_answers_in_the_place_of_a_file_is_not_kept(
    phone: BrowserContext, site: Site
):
    part = next(path for path in sorted((DIST / "assets").iterdir()) if "form-" in path.name)
    address = f"/app/assets/{part.name}"
    site.portal.add(address)
    page = await phone.new_page()
    await page.goto(f"{site.origin}/app/")
    while f"GET {address}" not in site.asked:
        await page.wait_for_timeout(10)
    site.portal.clear()
    await page.reload()
    await page.evaluate(CONTROLLED)
    kept: dict[str, str] = await page.evaluate(KEPT)
    assert kept[address] == part.read_text()
    assert PORTAL not in kept.values()


async def test_what_a_portal_answers_in_the_place_of_the_places_is_not_kept(
    phone: BrowserContext, site: Site
):
    page = await open_app(phone, site, [])
    site.portal.add("/app/register.json")
    assert await page.evaluate(KEPT_PLACES) == "TEST DATA"
    await phone.set_offline(True)
    assert await page.evaluate(KEPT_PLACES) == "TEST DATA"


async def test_the_worker_leaves_everything_but_the_shell_alone(phone: BrowserContext, site: Site):
    page = await open_app(phone, site, [])
    await page.evaluate("() => fetch('/app/', {method: 'POST', body: 'TEST DATA'})")
    await page.evaluate("() => fetch('/v1/sync/info')")
    assert {"POST /app/", "GET /v1/sync/info"} <= set(site.asked)
    assert all(path.startswith("/app/") for path in await page.evaluate(KEPT))


async def test_a_second_visit_loads_nothing_of_the_shell_again(phone: BrowserContext, site: Site):
    page = await open_app(phone, site, [])
    site.asked.clear()
    await page.reload()
    await read_screen(page)
    loaded = [line for line in site.asked if "/assets/" in line or line == "GET /app/"]
    assert loaded == []


async def test_no_script_runs_that_is_not_of_the_app(phone: BrowserContext, site: Site):
    page = await open_app(phone, site, [])
    ran = await page.evaluate(
        """() => { const script = document.createElement("script");
            script.textContent = "window.ranInline = true"; document.body.append(script);
            return window.ranInline === true }"""
    )
    assert ran is False


async def test_a_page_over_plain_http_says_how_it_is_to_be_opened(site: Site):
    port = site.origin.rsplit(":", 1)[1]
    async with open_browser("--host-resolver-rules=MAP post.test 127.0.0.1") as browser:
        page = await browser.new_page(locale="km-KH")
        await page.goto(f"http://post.test:{port}/app/?invitation=TEST")
        opener = page.get_by_test_id("insecure-open")
        for language in ("zh", "en", "km"):
            await page.get_by_test_id(f"language-{language}").click()
            await expect(page.locator("html")).to_have_attribute("lang", language)
            await expect(page.get_by_test_id("insecure")).to_be_visible()
            await expect(page.locator("h1")).to_contain_text("https")
            assert await opener.inner_text() == "https://post.test/app/?invitation=TEST"
        await expect(page.get_by_test_id("register-submit")).to_have_count(0)
        await page.goto(f"http://post.test:{port}/app/help")
        await expect(page.get_by_test_id("help-call")).to_be_visible()
