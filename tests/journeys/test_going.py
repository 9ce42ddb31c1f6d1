"""People come and go: a departure in three presses, taken back in one; an entry withdrawn."""

from playwright.async_api import Response, expect

from tests.commands.served import Served
from tests.journeys.acts import declare_stay, declare_with_signal, send_all
from tests.journeys.conftest import NewPhone, read_log
from tests.journeys.phone import Phone
from tests.pwa.browser import PATIENCE_MS

UNDO_MS = 20_000


async def _leave_today(owner: Phone) -> None:
    """From the list of people: the person, "has left", "save"."""
    owner.presses = 0
    await owner.press("stay-item")
    await owner.press("departure-open")
    await owner.press("departure-save")
    await owner.at("departure-undo").wait_for()
    assert owner.presses == 3


async def _meet_owner(new_phone: NewPhone) -> Phone:
    """Somebody who declared a guest and has the list of people before him."""
    owner = new_phone()
    await declare_with_signal(owner)
    await _open_people(owner)
    return owner


async def _open_people(owner: Phone) -> None:
    await owner.open("/app/")
    await owner.press("premises-item")
    await owner.at("stay-item").first.wait_for()


async def _start_anew(owner: Phone) -> None:
    """Reload, and wait until what is due was sent: only then a phone asks at once what is new."""

    def asks_at_once(response: Response) -> bool:
        return response.url.endswith("/v1/sync/pull") and '"wait":0' in str(
            response.request.post_data
        )

    async with owner.page.expect_response(asks_at_once):
        await owner.page.reload()


async def test_a_departure_takes_three_presses_and_can_be_taken_back(
    server: Served, new_phone: NewPhone
):
    owner = new_phone()
    await declare_with_signal(owner)
    await owner.lose_signal()
    await _open_people(owner)
    await _leave_today(owner)
    await owner.press("departure-undo")
    await owner.at("departure-open").wait_for()
    await owner.find_signal()
    await send_all(owner)
    assert read_log(server, "departure") == []

    await _open_people(owner)
    await _leave_today(owner)
    await send_all(owner)
    assert [effect for _, effect in read_log(server, "departure")] == ["departed"]


async def test_a_departure_can_be_taken_back_after_the_phone_was_killed(
    server: Served, new_phone: NewPhone
):
    owner = await _meet_owner(new_phone)
    await _leave_today(owner)
    await _start_anew(owner)
    await owner.at("departure-undo").wait_for()
    here = owner.page.url.removeprefix(owner.url)
    await owner.kill()

    await owner.switch_on(here)
    await _start_anew(owner)
    await owner.press("departure-undo")
    await owner.at("departure-open").wait_for()
    await owner.open("/app/outbox")
    await expect(owner.at("sync-state").first).to_have_attribute("data-waiting", "0")
    assert read_log(server, "departure") == []


async def test_a_departure_that_nobody_takes_back_is_sent_by_itself_after_a_restart(
    server: Served, new_phone: NewPhone
):
    owner = await _meet_owner(new_phone)
    await _leave_today(owner)
    await owner.kill()
    await owner.switch_on("/app/")
    await _start_anew(owner)
    await expect(owner.at("sync-state").first).to_have_attribute("data-waiting", "1")
    assert read_log(server, "departure") == []
    await expect(owner.at("sync-state").first).to_have_attribute(
        "data-waiting", "0", timeout=UNDO_MS + PATIENCE_MS
    )
    assert [effect for _, effect in read_log(server, "departure")] == ["departed"]


async def test_a_day_that_lies_ahead_is_asked_about_and_then_recorded(
    server: Served, new_phone: NewPhone
):
    owner = await _meet_owner(new_phone)
    await owner.press("stay-item")
    await owner.press("departure-open")
    await owner.fill(**{"left_on-year": "2099"})
    await owner.press("departure-save")
    await owner.at("departure-future").wait_for()
    await expect(owner.at("departure-undo")).to_have_count(0)
    await owner.press("departure-save")
    await owner.at("departure-undo").wait_for()
    here = owner.page.url.removeprefix(owner.url)
    await send_all(owner)

    await owner.open(here)
    await owner.press("departure-correct")
    await owner.press("departure-save")
    await owner.at("departure-undo").wait_for()
    await send_all(owner)
    assert len(read_log(server, "departure")) == 2
    await owner.open(here)
    await owner.press("history")
    await expect(owner.at("departure")).to_have_count(2)


async def test_an_entry_is_withdrawn_with_a_reason_and_stays_in_the_log(
    server: Served, new_phone: NewPhone
):
    owner = await _meet_owner(new_phone)
    await owner.press("stay-item")
    await owner.press("withdrawal-open")
    await owner.press("withdrawal-save")
    await owner.at("errors").wait_for()
    await owner.press("field-withdrawal_reason-entered_twice")
    await owner.press("withdrawal-save")
    await owner.at("withdrawal-open").wait_for(state="detached")
    await send_all(owner)
    assert [effect for _, effect in read_log(server, "stay")] == ["withdrawn"]
    await owner.press("premises-item")
    await expect(owner.at("stay-item")).to_have_count(0)


async def test_nothing_has_changed_takes_two_presses(server: Served, new_phone: NewPhone):
    owner = new_phone()
    await declare_with_signal(owner)
    await owner.press("declare-complete")
    await owner.press("declare-save")
    await owner.at("declare-saved").wait_for()
    await owner.open("/app/")
    owner.presses = 0
    await owner.press("declare-unchanged")
    await owner.press("declare-save")
    await owner.at("declare-saved").wait_for()
    assert owner.presses == 2
    await send_all(owner)
    assert len(read_log(server, "declaration")) == 2

    await declare_stay(owner, 2)
    await owner.open("/app/")
    await expect(owner.at("declare-unchanged")).to_have_count(0)
    await expect(owner.at("declare-complete")).to_be_visible()
