"""Returned, corrected, accepted: and the first version stays to be seen."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import (
    become_officer,
    declare_premises,
    declare_with_signal,
    list_premises,
    register,
    send_all,
    send_back,
    sign_pledge,
)
from tests.journeys.conftest import NewPhone, read_log
from tests.journeys.phone import Phone


async def _expect_asked(owner: Phone, control: str) -> None:
    """The form opened at this control, with the reason of the police beside it."""
    await expect(owner.at(control)).to_be_focused()
    await expect(owner.at(control)).to_be_in_viewport()
    await expect(owner.at("asked")).to_be_in_viewport()
    within = owner.page.locator(".field.asked").filter(has=owner.at("asked"))
    await expect(within.filter(has=owner.at(control))).to_have_count(1)


async def _correct_the_room(owner: Phone) -> None:
    await send_all(owner)
    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "1")
    await owner.open("/app/outbox")
    await owner.at("returned-item").first.click()
    await owner.at("returned").wait_for()
    await owner.press("stay-correct")
    await owner.at("returned").wait_for()
    await _expect_asked(owner, "field-unit")
    await owner.fill(unit="13")
    await owner.press("stay-save")
    await owner.at("stay-save").wait_for(state="detached")
    await send_all(owner)


async def test_a_returned_entry_is_corrected_and_accepted(server: Served, new_phone: NewPhone):
    owner, officer = new_phone(), new_phone("en-US")
    await declare_with_signal(owner)
    await become_officer(officer, server)
    await send_back(officer, "stay", "wrong_unit")
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


async def test_a_date_of_which_nobody_knew_is_asked_for_in_its_boxes(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone(), new_phone("en-US")
    await declare_with_signal(owner)
    (stay,) = [str(id_) for id_, _ in read_log(server, "stay")]
    await owner.open(f"/app/stays/{stay}/correct")
    await owner.press("field-arrived_on-unknown")
    await owner.press("stay-save")
    await owner.at("stay-save").wait_for(state="detached")
    await send_all(owner)
    await become_officer(officer, server)
    await send_back(officer, "stay", "date_missing")

    await send_all(owner)
    await owner.at("returned-item").wait_for()
    await owner.open(f"/app/stays/{stay}/correct")
    await _expect_asked(owner, "field-arrived_on-day")
    await expect(owner.at("field-arrived_on-unknown")).not_to_be_checked()


async def test_what_is_asked_while_the_form_stands_open_is_marked_and_moves_nobody(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone(), new_phone("en-US")
    await declare_with_signal(owner)
    (stay,) = [str(id_) for id_, _ in read_log(server, "stay")]
    await owner.open(f"/app/stays/{stay}/correct")
    await owner.at("field-primary").fill("TEST CHANGED")
    await become_officer(officer, server)
    await send_back(officer, "stay", "wrong_unit")

    other = await owner.context.new_page()
    await other.goto(f"{owner.url}/app/")
    await other.get_by_test_id("sync-now").first.click()
    await owner.at("asked").wait_for()
    within = owner.page.locator(".field.asked").filter(has=owner.at("field-unit"))
    await expect(within).to_have_count(1)
    await expect(owner.at("field-unit")).not_to_be_focused()
    await expect(owner.at("field-primary")).to_have_value("TEST CHANGED")


async def test_a_place_whose_name_cannot_be_read_is_corrected_at_its_name(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone(), new_phone("en-US")
    await declare_with_signal(owner)
    await become_officer(officer, server)
    await send_back(officer, "premises", "name_unreadable")

    await send_all(owner)
    await owner.press("returned-item")
    await owner.at("returned").wait_for()
    await owner.press("premises-correct")
    await owner.at("returned").wait_for()
    await _expect_asked(owner, "field-name_latin")


async def _complete_all_but_the_day_of_entry(owner: Phone, stay: str) -> None:
    """Of all dates only one stays empty, and that one may be left out."""
    await owner.open(f"/app/stays/{stay}/correct")
    await owner.press("field-arrived_on-unknown")
    arrived = {"arrived_on-day": "1", "arrived_on-month": "1", "arrived_on-year": "2025"}
    await owner.fill(**arrived)
    await owner.choose(visa_class="exempt")
    await owner.press("stay-save")
    await owner.at("stay-save").wait_for(state="detached")
    await send_all(owner)


async def test_each_reason_marks_its_field_and_the_form_opens_where_it_is_certain(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone(), new_phone("en-US")
    await declare_with_signal(owner)
    (stay,) = [str(id_) for id_, _ in read_log(server, "stay")]
    await _complete_all_but_the_day_of_entry(owner, stay)
    await become_officer(officer, server)
    await send_back(officer, "stay", "date_missing", "wrong_unit")

    await send_all(owner)
    await owner.at("returned-item").wait_for()
    await owner.open(f"/app/stays/{stay}/correct")
    await expect(owner.at("field-unit")).to_be_focused()
    await expect(owner.at("asked")).to_have_count(2)
    asked = owner.page.locator(".field.asked")
    await expect(asked.filter(has=owner.at("field-unit"))).to_have_count(1)
    await expect(asked.filter(has=owner.at("field-visa_entered_on-day"))).to_have_count(1)


async def _answer_returned(owner: Phone, title: str, *said: str) -> None:
    """From the first page to where it is put right, which says what the police said."""
    await send_all(owner)
    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "1")
    await expect(owner.at("returned-item")).to_contain_text(f"{title} · TEST DATA House")
    await owner.press("returned-item")
    for words in said:
        await expect(owner.at("returned")).to_contain_text(words)


async def _expect_nothing_asked(owner: Phone) -> None:
    await owner.open("/app/")
    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "0")
    await expect(owner.at("returned-item")).to_have_count(0)
    await owner.open("/app/outbox")
    await expect(owner.at("returned-item")).to_have_count(0)


async def _have_returned(
    server: Served, phones: tuple[Phone, Phone], kind: str, reason: str, remarks: str
) -> None:
    """Send everything, and let an officer send back what was said last."""
    owner, officer = phones
    await send_all(owner)
    await become_officer(officer, server)
    await send_back(officer, kind, reason, remarks=remarks)


async def _declare_nobody(owner: Phone, premises: str) -> None:
    await owner.open(f"/app/premises/{premises}/declare")
    await owner.press("declare-nil")
    await owner.at("declare-saved").wait_for()


async def _begin(owner: Phone) -> str:
    """One place, of which everything else is still to be said."""
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    (premises,) = await list_premises(owner, count=1)
    return premises


async def test_a_returned_declaration_is_made_again_and_no_longer_asked_for(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone("en-US"), new_phone("en-US")
    premises = await _begin(owner)
    await _declare_nobody(owner, premises)
    remarks = "TEST DATA two lamps"
    await _have_returned(server, (owner, officer), "declaration", "count_differs", remarks)

    await _answer_returned(
        owner, "Declaration of the list", "The number of people differs", remarks
    )
    await owner.press("declare-nil")
    await owner.at("declare-saved").wait_for()
    await _expect_nothing_asked(owner)
    await owner.open(f"/app/premises/{premises}/declare")
    await owner.at("declare-nil").wait_for()
    await expect(owner.at("returned")).to_have_count(0)
    await send_all(owner)
    assert [effect for _, effect in read_log(server, "declaration")] == ["returned", "pending"]
    await _expect_nothing_asked(owner)


async def test_a_returned_pledge_is_signed_again_and_no_longer_asked_for(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone("en-US"), new_phone("en-US")
    premises = await _begin(owner)
    await sign_pledge(owner, premises)
    await _have_returned(server, (owner, officer), "pledge", "other", "TEST DATA whole name")
    await officer.open(f"/app/premises/{premises}/pledge")
    await officer.at("pledge-signed").wait_for()
    await expect(officer.at("returned")).to_contain_text("TEST DATA whole name")

    await _answer_returned(owner, "Pledge", "TEST DATA whole name")
    await expect(owner.at("pledge-signed")).to_have_count(0)
    await expect(owner.page.locator("main a[href^='/app/receipts/']")).to_have_count(1)
    await sign_pledge(owner, premises)
    await expect(owner.at("returned")).to_have_count(0)
    await _expect_nothing_asked(owner)
    await send_all(owner)
    assert [effect for _, effect in read_log(server, "pledge")] == ["superseded", "pending"]
    await _expect_nothing_asked(owner)
