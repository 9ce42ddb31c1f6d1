"""Returned, corrected, accepted: and the first version stays to be seen."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import become_officer, declare_with_signal, send_all
from tests.journeys.conftest import NewPhone, read_log
from tests.journeys.phone import Phone


async def _return_the_stay(officer: Phone) -> None:
    await officer.page.locator("[data-testid=inbox-item][data-kind=stay]").first.click()
    await officer.press("review-return")
    await officer.press("review-reason-wrong_unit")
    await officer.press("review-return")
    await officer.at("review-saved").wait_for()
    await officer.open("/app/outbox")
    await officer.press("sync-now")
    await expect(officer.at("sync-state").first).to_have_attribute("data-waiting", "0")


async def _correct_the_room(owner: Phone) -> None:
    await send_all(owner)
    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "1")
    await owner.open("/app/outbox")
    await owner.at("returned-item").first.click()
    await owner.at("returned").wait_for()
    await owner.press("stay-correct")
    await owner.at("returned").wait_for()
    await expect(owner.at("field-unit")).to_be_focused()
    await owner.fill(unit="13")
    await owner.press("stay-save")
    await owner.at("stay-save").wait_for(state="detached")
    await send_all(owner)


async def test_a_returned_entry_is_corrected_and_accepted(server: Served, new_phone: NewPhone):
    owner, officer = new_phone(), new_phone("en-US")
    await declare_with_signal(owner)
    await become_officer(officer, server)
    await _return_the_stay(officer)
    assert [effect for _, effect in read_log(server, "stay")] == ["returned"]

    await _correct_the_room(owner)
    assert [effect for _, effect in read_log(server, "stay")] == ["pending", "pending"]

    await officer.open("/app/inbox")
    await officer.page.locator("[data-testid=inbox-item][data-kind=stay]").first.click()
    await officer.at("history").first.wait_for()
    await expect(officer.at("version")).not_to_have_count(0)
    await officer.press("review-accept")
    await officer.at("review-saved").wait_for()
    await officer.open("/app/outbox")
    await expect(officer.at("sync-state").first).to_have_attribute("data-waiting", "0")
    assert [effect for _, effect in read_log(server, "stay")] == ["accepted", "accepted"]

    await send_all(owner)
    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "0")
