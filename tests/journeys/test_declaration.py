"""A declaration made without signal arrives once on the commune police's list."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.commands.served import Served
from tests.journeys.acts import (
    accept_first,
    declare_premises,
    declare_without_signal,
    register,
    send_all,
)
from tests.journeys.conftest import NewPhone, invite, read_log
from tests.journeys.phone import Phone
from tests.makers import SANGKAT_4
from tests.pwa.browser import CHROMIUM


@pytest.fixture
def program() -> str:
    """Chromium whole: what is saved without signal may go out by Background Sync."""
    return CHROMIUM


async def test_what_was_declared_without_signal_arrives_once(server: Served, new_phone: NewPhone):
    owner = new_phone()
    await declare_without_signal(owner)
    await owner.kill()
    assert read_log(server, "stay") == []

    await owner.switch_on("/app/outbox", offline=True)
    await expect(owner.at("outbox-item")).to_have_count(5)
    await owner.find_signal()
    await owner.press("sync-now")
    await owner.open("/app/")
    await expect(owner.at("outbox-waiting").first).to_have_attribute("data-count", "0")
    assert [effect for _, effect in read_log(server, "premises")] == ["pending"]
    assert [effect for _, effect in read_log(server, "stay")] == ["pending"] * 3

    officer = new_phone("en-US")
    await officer.switch_on(f"/app/?invitation={invite(server, 'officer', SANGKAT_4)}")
    await register(officer, "TEST DATA Officer")
    await accept_first(officer)
    await owner.press("sync-now")
    await owner.page.locator("[data-state=accepted]").first.wait_for()
    assert len(read_log(server, "review")) == 1


async def _height_of(owner: Phone, button: str) -> float:
    """Where it stands on the page, however far that is scrolled."""
    return await owner.at(button).evaluate("it => it.getBoundingClientRect().top + scrollY")


async def test_what_the_register_answers_leaves_the_first_button_where_it_is(new_phone: NewPhone):
    owner, answers = new_phone(), asyncio.Event()

    async def answer_late(route: Route) -> None:
        await answers.wait()
        await route.continue_()

    await owner.switch_on()
    await owner.load_once()
    await owner.page.route("**/v1/devices", answer_late)
    await register(owner, "TEST DATA Owner")
    await owner.at("account-unsent").wait_for()
    before = await _height_of(owner, "premises-new")
    answers.set()
    await owner.at("verification-code").wait_for()
    assert await _height_of(owner, "premises-new") == before

    await declare_premises(owner)
    before = await _height_of(owner, "stay-new")
    await send_all(owner)
    assert await _height_of(owner, "stay-new") == before
