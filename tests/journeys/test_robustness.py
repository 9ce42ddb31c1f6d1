"""Two tabs, a clock years off, nothing to declare: nothing is lost and nothing sent twice."""

import asyncio
from functools import reduce
from typing import Any, Final

import pytest
from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import (
    become_officer,
    declare_premises,
    declare_stay,
    register,
    send_all,
)
from tests.journeys.conftest import NewDevice, NewPhone, read_log
from tests.journeys.phone import Phone
from tests.makers import SANGKAT_4
from tests.pwa.browser import CHROMIUM

_TWO_YEARS_MS: Final = 2 * 365 * 86_400_000
# With payload and body around it, about as deep as the register takes a document.
_DEEP: Final[Any] = reduce(lambda inner, _: {"q": inner}, range(13), "TEST DATA")


@pytest.fixture
def program() -> str:
    """Chromium whole: two tabs and Background Sync send at once."""
    return CHROMIUM


async def _begin(owner: Phone) -> None:
    await owner.switch_on()
    await owner.load_once()


async def test_no_foreigners_here_takes_two_presses(server: Served, new_phone: NewPhone):
    owner = new_phone()
    await _begin(owner)
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await send_all(owner)
    await owner.lose_signal()

    await owner.press("declare-nil")
    await owner.page.wait_for_url("**/declare**")
    await owner.press("declare-nil")
    await owner.at("declare-saved").wait_for()
    await owner.open("/app/outbox")
    await expect(owner.at("sync-state").first).to_have_attribute("data-waiting", "1")
    await owner.find_signal()
    await send_all(owner)
    assert len(read_log(server, "declaration")) == 1


async def test_two_tabs_and_background_sync_send_each_document_once(
    server: Served, new_phone: NewPhone
):
    owner = new_phone()
    await _begin(owner)
    await owner.lose_signal()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    for number in range(1, 4):
        await declare_stay(owner, number)
    other = await owner.context.new_page()
    await other.goto(owner.page.url.split("/app/")[0] + "/app/outbox")
    pushed: list[str] = []
    owner.context.on(
        "request", lambda request: pushed.append(request.post_data or "")
        if request.url.endswith("/v1/sync/push") else None,
    )  # fmt: skip
    await owner.find_signal()
    await owner.open("/app/outbox")
    await asyncio.gather(owner.press("sync-now"), other.get_by_test_id("sync-now").first.click())
    await expect(owner.at("sync-state").first).to_have_attribute("data-waiting", "0")
    assert len(read_log(server, "stay")) == 3
    assert len(read_log(server, "account")) == 2


async def test_a_phone_whose_clock_is_two_years_wrong_reports_all_the_same(
    server: Served, new_phone: NewPhone
):
    owner = new_phone()
    await owner.switch_on("/app/help")
    await owner.context.add_init_script(
        f"const now = Date.now; Date.now = () => now() - {_TWO_YEARS_MS};"
        "const Real = Date; window.Date = class extends Real {"
        " constructor(...a) { a.length ? super(...a) : super(Date.now()); }"
        f" static now() {{ return now.call(Real) - {_TWO_YEARS_MS}; }} }};"
    )
    await owner.open("/app/")
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await send_all(owner)
    assert [effect for _, effect in read_log(server, "premises")] == ["pending"]


async def test_what_comes_invisibly_with_a_pasted_text_is_not_kept_and_stops_nothing(
    server: Served, new_phone: NewPhone, new_device: NewDevice
):
    owner, police = new_phone(), await new_device("officer")
    await _begin(owner)
    await register(owner, "TEST\tDATA\u202c", **{"register-phone": "\u202a+855 12 345 678\u202c"})
    await owner.press("premises-new")
    await owner.choose(kind="rental_house", place=SANGKAT_4)
    await owner.fill(name_latin="TEST\u202a DATA\u202c", village="A\u202eB", rooms_count="\u200e24")
    await owner.press("premises-save")
    await owner.press("stay-new")
    await owner.press("stay-more")
    await owner.fill(primary="TEST\u202eDATA", remarks="one\ttwo\u2028three\u200b")
    await owner.choose(nationality="VNM")
    await owner.press("stay-save")
    await owner.at("saved").wait_for()
    await send_all(owner)
    ((premises, _),) = read_log(server, "premises")
    ((stay, _),) = read_log(server, "stay")
    place = (await police.read(f"/v1/premises/{premises}"))["body"]
    person = (await police.read(f"/v1/stays/{stay}"))["body"]
    assert (place["names"], place["village"]) == ({"latin": "TEST DATA"}, "AB")
    assert place["contact"]["owner"] == {"name": "TEST DATA", "phone": "+85512345678"}
    assert person["identity"]["primary"] == "TESTDATA"
    assert person["remarks"] == {"text": "one two\nthree\u200b"}


async def test_a_document_as_deep_as_may_be_stops_no_phone_of_the_post(
    server: Served, new_phone: NewPhone, new_device: NewDevice
):
    owner, officer = await new_device(), new_phone()
    deep = await owner.send_premises(q=_DEEP)
    await owner.send("premises", {"rooms_count": 11}, revises=(deep, deep), after=[deep])
    await become_officer(officer, server)
    await owner.send_premises(names={"latin": "TEST DATA Later"})
    await officer.open("/app/inbox")
    await expect(officer.page.locator("main")).to_contain_text("TEST DATA Later")
