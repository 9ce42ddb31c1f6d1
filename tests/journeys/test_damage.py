"""One document is damaged, or the battery falls out: nothing else waits, nothing comes twice."""

import asyncio
from typing import Literal

import pytest
from playwright.async_api import Route, expect

from tests.commands.served import Served
from tests.journeys.acts import (
    become_officer,
    declare_premises,
    declare_with_signal,
    register,
    send_all,
)
from tests.journeys.conftest import NewPhone, read_log
from tests.journeys.documents import damage, offer_script, save_people
from tests.journeys.looking import AXE, list_faults
from tests.journeys.phone import Phone
from tests.pwa.browser import CHROMIUM

# With the account and the premises there are fifty.
_PEOPLE = 48

# As a browser that needs room: the page lets go of its database when it is asked to.
_THROW_AWAY = """new Promise((done, failed) => {
  const asked = indexedDB.deleteDatabase("sangkat");
  asked.onsuccess = () => done(true);
  asked.onerror = () => failed(asked.error);
})"""
_NOTED = "() => JSON.parse(localStorage.getItem('sangkat.waiting')).waiting === 3"
# As a page that was closed before it had noted what it saved last.
_LEAVE_BEHIND = """() => {
  const note = JSON.parse(localStorage.getItem("sangkat.waiting"));
  localStorage.setItem("sangkat.waiting", JSON.stringify({...note, waiting: 2}));
}"""
# As an answer of a register with a defect would leave it.
_SPOIL = """new Promise((done) => {
  const opened = indexedDB.open("sangkat");
  opened.onsuccess = () => {
    const store = opened.result.transaction("entities", "readwrite").objectStore("entities");
    store.openCursor().onsuccess = ({target: {result: cursor}}) => {
      if (!cursor) return opened.result.close(), done(true);
      cursor.update({...cursor.value, branches: "none"});
      cursor.continue();
    };
  };
})"""
_FAMILY_NAME = {
    "en": "Family name, as in the passport",
    "zh": "姓（与护照一致）",
    "km": "នាមត្រកូល ដូចក្នុងលិខិតឆ្លងដែន",
}
# Whether the page ever said that it needs a signal, however short.
_LISTEN = """window.hasAskedForSignal = false;
new MutationObserver(() => {
  if (document.querySelector('[data-testid=needs-connection]')) window.hasAskedForSignal = true;
}).observe(document, {childList: true, subtree: true});"""


@pytest.fixture
def program() -> str:
    """Chromium whole: Background Sync may send what a phone that died did not."""
    return CHROMIUM


async def _declare_many(owner: Phone, people: int) -> None:
    await owner.switch_on()
    await owner.load_once()
    await offer_script(owner)
    await owner.lose_signal()
    await register(owner, "TEST DATA Owner")
    await save_people(owner, people)
    await owner.open("/app/outbox")
    await expect(owner.at("outbox-item")).to_have_count(people + 2)


@pytest.mark.parametrize("part", ["signature", "payload"])
async def test_a_damaged_document_among_fifty_holds_up_no_other_and_is_entered_again(
    server: Served, new_phone: NewPhone, part: Literal["signature", "payload"]
):
    owner = new_phone()
    await _declare_many(owner, _PEOPLE)
    await damage(owner, 25, part)
    await owner.find_signal()
    await send_all(owner)
    assert len(read_log(server, "stay")) == _PEOPLE - 1

    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "1")
    await owner.open("/app/outbox")
    await expect(owner.at("stuck-item")).to_have_count(1)
    await expect(owner.at("problem")).to_be_visible()
    await owner.press("stuck-correct")
    await owner.choose(nationality="VNM")
    await owner.press("stay-save")
    await owner.at("stay-save").wait_for(state="detached")
    await send_all(owner)
    assert len(read_log(server, "stay")) == _PEOPLE
    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "0")


async def test_a_damaged_document_is_put_aside_after_a_second_press_and_brought_back(
    server: Served, new_phone: NewPhone
):
    owner = new_phone()
    await _declare_many(owner, 2)
    await damage(owner, -1, "payload")
    await owner.find_signal()
    await send_all(owner)
    await owner.open("/app/outbox")
    await owner.press("discard-open")
    await expect(owner.at("stuck-item")).to_have_count(1)
    await owner.press("discard-yes")
    await expect(owner.at("stuck-item")).to_have_count(0)
    await expect(owner.at("discarded")).to_have_attribute("data-count", "1")
    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "0")

    await owner.context.add_init_script(path=AXE)
    await owner.open("/app/outbox")
    await owner.press("discarded")
    assert await list_faults(owner.page) == []
    await owner.press("discard-back")
    await owner.press("stuck-correct")
    await owner.choose(nationality="VNM")
    await owner.press("stay-save")
    await owner.at("stay-save").wait_for(state="detached")
    await send_all(owner)
    assert len(read_log(server, "stay")) == 2


async def test_a_refused_detail_is_called_as_the_form_calls_it(new_phone: NewPhone):
    owner = new_phone("en-US")
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await owner.press("stay-new")
    # In capitals twice as long, which is more than the register takes.
    await owner.fill(primary="ß" * 200)
    await owner.choose(nationality="VNM")
    await owner.press("stay-save")
    await owner.at("saved").wait_for()
    stay = owner.page.url.split("saved=")[1]
    await send_all(owner)
    for path in (f"/app/stays/{stay}", "/app/outbox"):
        await owner.open(path)
        for language, name in _FAMILY_NAME.items():
            await owner.press(f"language-{language}")
            await expect(owner.at("problem")).to_contain_text(name)
            await expect(owner.at("problem")).not_to_contain_text("primary")


@pytest.mark.parametrize("arrives", [False, True], ids=["request lost", "reply lost"])
async def test_a_phone_that_dies_while_sending_sends_everything_once(
    server: Served, new_phone: NewPhone, arrives: bool
):
    owner = new_phone()
    await _declare_many(owner, 10)
    is_under_way = asyncio.Event()

    async def hold(route: Route) -> None:
        if arrives:
            await route.fetch()
        is_under_way.set()

    await owner.context.route("**/v1/sync/push", hold)
    await owner.find_signal()
    await owner.press("sync-now")
    await is_under_way.wait()
    await owner.kill()
    assert len(read_log(server, "stay")) == (10 if arrives else 0)

    await owner.switch_on("/app/outbox")
    await owner.press("sync-now")
    await expect(owner.at("sync-state").first).to_have_attribute("data-waiting", "0")
    assert len(read_log(server, "stay")) == 10
    assert len(read_log(server, "premises")) == 1


async def test_what_was_not_noted_when_the_page_closed_is_noted_at_the_next_start(
    new_phone: NewPhone,
):
    owner = new_phone()
    await _declare_many(owner, 1)
    await owner.page.wait_for_function(_NOTED)
    await owner.evaluate(_LEAVE_BEHIND)
    await owner.open("/app/")
    await owner.page.wait_for_function(_NOTED)


async def test_what_the_browser_threw_away_is_said_on_the_first_screen_until_it_is_acknowledged(
    new_phone: NewPhone,
):
    owner = new_phone("en-GB")
    await _declare_many(owner, 1)
    await owner.page.wait_for_function(_NOTED)
    await owner.evaluate(_THROW_AWAY)
    await owner.open("/app/")
    await expect(owner.at("vanished")).to_contain_text("3 entries were not sent")
    await owner.context.add_init_script(path=AXE)
    await owner.context.add_init_script(_LISTEN)
    await owner.lose_signal()
    await owner.evaluate(_THROW_AWAY)
    await owner.open("/app/")
    await owner.at("register-submit").wait_for()
    await owner.at("vanished").wait_for()
    assert await owner.evaluate("window.hasAskedForSignal") is False
    await owner.find_signal()
    assert await list_faults(owner.page) == []

    await register(owner, "TEST DATA Owner")
    await owner.at("premises-new").wait_for()
    await owner.open("/app/")
    await expect(owner.at("vanished")).to_contain_text("3 entries were not sent")
    await owner.at("vanished").get_by_role("button").click()
    await expect(owner.at("vanished")).to_have_count(0)
    await owner.open("/app/")
    await owner.at("premises-new").wait_for()
    await expect(owner.at("vanished")).to_have_count(0)


async def test_a_screen_that_breaks_says_so_and_the_next_one_opens(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone(), new_phone("en-GB")
    await declare_with_signal(owner)
    await become_officer(officer, server)
    await officer.lose_signal()
    await officer.evaluate(_SPOIL)
    await officer.open("/app/inbox")
    await officer.at("inbox-item").first.click()
    await expect(officer.page.locator("main")).to_contain_text("This screen cannot be shown")
    await officer.page.locator("nav.menu a").first.click()
    await officer.at("inbox-item").first.wait_for()
