"""The built app against the real register: what is saved without signal arrives, and once."""

import hashlib
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page

from tests.pwa.browser import CONTROLLED, PATIENCE_MS
from tests.pwa.front import Front, open_front
from tests.pwa.scripts import DIST, bundle

STATES: Final = """() => import("/scripts/phone.js").then((phone) => phone.states())"""
WAKES: Final = """async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.sync.getTags()).includes("outbox");
}"""
RESTS: Final = """async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.sync.getTags()).length === 0;
}"""
SEND_FOR_EVER: Final = """() => {
    void navigator.locks.request("sangkat-flush", () => new Promise(() => undefined));
}"""

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    assert (DIST / "index.html").is_file(), "build the app first: npm run build in pwa"
    shell = shutil.copytree(DIST, tmp_path / "dist")
    bundle("phone", tmp_path)
    async with open_front(tmp_path / "register", shell, tmp_path) as opened:
        yield opened


async def open_app(phone: BrowserContext, front: Front) -> Page:
    page = await phone.new_page()
    await page.goto(f"{front.base_url}/app/")
    await page.evaluate(CONTROLLED)
    await page.evaluate("() => import('/scripts/phone.js').then(() => true)")
    return page


async def call(page: Page, said: str) -> Any:
    return await page.evaluate(f"() => import('/scripts/phone.js').then((phone) => phone.{said})")


async def settled(page: Page) -> list[str]:
    """Wait until nothing is on its way; return how every document stands."""
    for _ in range(PATIENCE_MS // 100):
        states = await page.evaluate(STATES)
        if not {"queued", "sending", "held", "received"} & set(states):
            return states
        await page.wait_for_timeout(100)
    return await page.evaluate(STATES)


async def count_waiting(page: Page) -> int:
    states: list[str] = await call(page, "states()")
    return len([state for state in states if state in {"queued", "sending"}])


async def log_length(page: Page) -> int:
    return await page.evaluate(
        """async () => {
            const { logs } = await (await fetch("/v1/sync/info")).json();
            return JSON.parse(atob(logs[0].head.split(".")[1])).pos;
        }"""
    )


def new_version(front: Front) -> None:
    """Put another build of the app behind the same address."""
    page, worker = front.folder / "index.html", front.folder / "sw.js"
    page.write_text(page.read_text().replace("</body>", "<i data-version=next></i></body>"))
    script = worker.read_text()
    renamed = re.sub(r"shell-(?=[0-9a-f]{12})", "shell-next-", script)
    revision = hashlib.sha256(page.read_bytes()).hexdigest()[:12]
    worker.write_text(re.sub(r"(?<=/app/[`'\"],[`'\"])[0-9a-f]{12}", revision, renamed))


async def bring_new_version(page: Page, front: Front) -> None:
    """Put a new version behind the address and let the browser find it."""
    new_version(front)
    await page.evaluate("() => navigator.serviceWorker.getRegistration().then((r) => r.update())")
    await page.wait_for_function(
        "() => navigator.serviceWorker.getRegistration().then((r) => r.waiting !== null)"
    )


async def take_new_version(page: Page) -> bool:
    """Open the page anew; say whether the button had to be pressed."""
    await page.reload()
    taken, offered = page.locator("[data-version=next]"), page.get_by_test_id("take-update")
    await taken.or_(offered).first.wait_for(state="attached")
    is_offered = await taken.count() == 0
    if is_offered:
        await offered.click()
        await taken.wait_for(state="attached")
    return is_offered


async def test_what_was_saved_without_signal_arrives_once_when_it_returns(
    phone: BrowserContext, front: Front
):
    page = await open_app(phone, front)
    before = await log_length(page)
    await phone.set_offline(True)
    await call(page, "register()")
    assert (await call(page, "saveStays(2)"))["kind"] == "saved"
    assert await count_waiting(page) == 4
    await phone.set_offline(False)
    assert await settled(page) == ["confirmed"] * 4
    assert await log_length(page) == before + 4


async def test_two_tabs_and_the_worker_send_each_document_once(phone: BrowserContext, front: Front):
    page = await open_app(phone, front)
    await open_app(phone, front)
    await call(page, "register()")
    assert await settled(page) == ["confirmed"] * 1
    await phone.set_offline(True)
    await call(page, "saveStays(4)")
    await phone.set_offline(False)
    assert await settled(page) == ["confirmed"] * 6
    sent = [document for push in front.pushed for document in push]
    assert len(sent) == len(set(sent)) == 5


async def test_the_worker_sends_when_the_app_is_closed(phone: BrowserContext, front: Front):
    page = await open_app(phone, front)
    await call(page, "register()")
    assert await settled(page) == ["confirmed"] * 1
    await page.wait_for_function(RESTS)
    await phone.set_offline(True)
    await call(page, "saveStays(1)")
    await page.wait_for_function(WAKES)
    await page.close()
    await phone.set_offline(False)
    again = await phone.new_page()
    await again.goto(f"{front.base_url}/v1/sync/info")
    for _ in range(PATIENCE_MS // 100):
        if front.pushed:
            break
        await again.wait_for_timeout(100)
    assert [len(push) for push in front.pushed] == [2]


async def test_news_arrive_while_the_app_is_open(phone: BrowserContext, front: Front):
    page = await open_app(phone, front)
    await call(page, "register()")
    assert await settled(page) == ["confirmed"]
    account = await call(page, "account()")
    assert account["state"] == "unverified"
    await front.verify(account["account_id"])
    await page.wait_for_function(
        "() => import('/scripts/phone.js').then((phone) => phone.account())"
        ".then((account) => account.state === 'active')"
    )


async def test_a_new_version_takes_over_while_fifty_documents_wait(
    phone: BrowserContext, front: Front
):
    page = await open_app(phone, front)
    before = await log_length(page)
    front.is_down = True
    await call(page, "register()")
    await call(page, "saveStays(49)")
    await bring_new_version(page, front)
    await take_new_version(page)
    assert await count_waiting(page) == 51
    front.is_down = False
    await page.reload()
    assert await settled(page) == ["confirmed"] * 51
    assert await log_length(page) == before + 51
    sent = [document for push in front.pushed for document in push]
    assert len(sent) == len(set(sent)) == 50


async def test_a_new_version_in_whose_place_a_portal_answers_is_not_taken(
    phone: BrowserContext, front: Front
):
    page = await open_app(phone, front)
    front.is_down = True
    await call(page, "register()")
    new_version(front)
    front.is_portal = True
    await page.evaluate("() => navigator.serviceWorker.getRegistration().then((r) => r.update())")
    await page.wait_for_function(
        "() => navigator.serviceWorker.getRegistration().then((r) => r.installing === null)"
    )
    front.is_portal = False
    await page.reload()
    await page.locator("#app h1").first.wait_for()
    assert await count_waiting(page) == 1


async def test_while_something_is_being_sent_a_new_version_waits_for_the_button(
    phone: BrowserContext, front: Front
):
    page = await open_app(phone, front)
    sending = await open_app(phone, front)
    await sending.evaluate(SEND_FOR_EVER)
    await bring_new_version(page, front)
    assert await take_new_version(page)
