"""The pledge, clause by clause and without signal; its receipt is believed by another phone."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import (
    CLAUSES,
    become_officer,
    declare_premises,
    declare_stay,
    register,
    send_all,
    tick_every_clause,
)
from tests.journeys.camera import read_code
from tests.journeys.conftest import NewPhone, read_log
from tests.journeys.phone import Phone


async def _sign_without_signal(owner: Phone) -> None:
    """A person without papers is an exception; every clause has to be ticked."""
    await owner.press("pledge-open")
    await expect(owner.at("pledge-draft")).to_be_visible()
    await expect(owner.at("pledge-exceptions")).to_contain_text("PERSON 1")
    await owner.press("pledge-sign")
    await expect(owner.at("errors")).to_be_focused()
    await tick_every_clause(owner)
    await owner.fill(typed_name="TEST DATA Owner", witness="TEST DATA Witness")
    await owner.press("pledge-sign")
    await owner.at("pledge-signed").wait_for()


async def _open_receipt(owner: Phone) -> str:
    """Share the pledge's receipt as text and as a code, which say the same; returns the link."""
    await owner.open("/app/outbox")
    await owner.press("outbox-item")
    await owner.at("receipt-qr").wait_for()
    await owner.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await owner.press("receipt-share")
    shared = str(await owner.evaluate("navigator.clipboard.readText()"))
    assert "TEST" not in shared
    link = await read_code(owner.at("receipt-qr"))
    assert shared.rsplit(" ", 1)[1] == link
    return link


async def _check_receipt(stranger: Phone, link: str) -> None:
    """What a camera read is opened on a phone that was online once, and knows nobody."""
    await stranger.switch_on("/app/help")
    await stranger.load_once()
    await stranger.lose_signal()
    address, receipt = link.split("#")
    assert address == stranger.url + "/verify"
    await stranger.open(f"/app/verify#{receipt}")
    await stranger.at("verify-good").wait_for()
    await stranger.open("/app/verify")
    await stranger.fill(receipt=link[:-9] + "AAAAAAAAA")
    await stranger.press("verify-check")
    await stranger.at("verify-bad").wait_for()
    await stranger.find_signal()
    await stranger.page.goto(link)
    await stranger.at("verify-good").wait_for()


async def test_a_pledge_signed_without_signal_is_received_and_its_receipt_believed_elsewhere(
    server: Served, new_phone: NewPhone
):
    owner = new_phone()
    await owner.switch_on()
    await owner.load_once()
    await owner.lose_signal()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await declare_stay(owner, 1)
    await _sign_without_signal(owner)
    assert read_log(server, "pledge") == []

    await owner.find_signal()
    await send_all(owner)
    assert [effect for _, effect in read_log(server, "pledge")] == ["pending"]
    await _check_receipt(new_phone("zh-CN"), await _open_receipt(owner))


async def test_the_signed_pledge_is_printed_whole_and_without_buttons(new_phone: NewPhone):
    owner = new_phone("en-US")
    await owner.switch_on()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await declare_stay(owner, 1)
    await _sign_without_signal(owner)
    await owner.page.emulate_media(media="print")
    for wanted in ("pledge-draft", "pledge-exceptions", "test-data"):
        await expect(owner.at(wanted)).to_be_visible()
    for clause in (1, 2, 3, 4, 10):
        await expect(owner.page.get_by_text(f"{clause}. ").first).to_be_visible()
    await expect(owner.page.get_by_text("Reporting a person is no ground")).to_have_count(1)
    await expect(owner.page.get_by_role("button")).to_have_count(0)
    await expect(owner.page.get_by_role("navigation")).to_have_count(0)
    assert (await owner.page.pdf(format="A4")).startswith(b"%PDF")


async def _tick_in_khmer_and_sign_in_chinese(owner: Phone) -> None:
    """Ticks stand for the words beside them: after the switch every clause is agreed to anew."""
    await owner.press("pledge-open")
    await tick_every_clause(owner)
    await owner.fill(typed_name="TEST DATA Owner")
    await owner.press("language-zh")
    await expect(owner.at("pledge-ticked-elsewhere")).to_be_visible()
    await owner.press("pledge-sign")
    await expect(owner.at("errors")).to_be_focused()
    await expect(owner.page.locator(f"{CLAUSES}:checked")).to_have_count(0)
    await owner.press("language-km")
    await expect(owner.page.locator(f"{CLAUSES}:not(:checked)")).to_have_count(0)
    await owner.press("language-zh")
    await expect(owner.page.locator(f"{CLAUSES}:checked")).to_have_count(0)
    await tick_every_clause(owner)
    await owner.press("pledge-sign")
    await owner.at("pledge-signed").wait_for()


async def test_the_police_read_the_very_words_that_were_ticked(server: Served, new_phone: NewPhone):
    owner, officer = new_phone(), new_phone()
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await declare_stay(owner, 1)
    await _tick_in_khmer_and_sign_in_chinese(owner)
    await send_all(owner)

    await become_officer(officer, server)
    await officer.page.locator("[data-testid=inbox-item][data-kind=pledge]").first.click()
    agreed = officer.page.locator("[data-testid=pledge-clause][data-agreed=true]")
    await expect(agreed).to_have_count(5)
    await expect(agreed.first.locator("[lang=zh]")).not_to_be_empty()
    await expect(officer.at("pledge-exceptions")).to_contain_text("PERSON 1")
    reasons = officer.page.locator("[data-testid^=review-reason-]")
    await expect(reasons).to_have_count(2)
