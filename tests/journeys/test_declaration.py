"""A declaration made without signal arrives once on the commune police's list."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.conftest import NewPhone, invite, read_log
from tests.journeys.phone import Phone
from tests.makers import SANGKAT_4


async def register(phone: Phone, name: str, **more: str) -> None:
    """The first screen."""
    await phone.at("register-name").fill(name)
    await phone.at("register-phone").fill("012 345 678")
    for field, value in more.items():
        await phone.at(field).fill(value)
    await phone.press("register-submit")


async def declare_premises(phone: Phone) -> None:
    await phone.press("premises-new")
    await phone.choose(kind="rental_house", place=SANGKAT_4)
    await phone.fill(name_latin="TEST DATA House", rooms_count="24")
    await phone.press("premises-save")
    await phone.at("premises-item").first.wait_for()


async def declare_stay(phone: Phone, number: int) -> None:
    """One person, typed by hand."""
    await phone.press("stay-new")
    await phone.fill(primary="TEST", secondary=f"PERSON {number}", unit=str(number))
    await phone.choose(nationality="VNM")
    await phone.press("field-sex-F")
    await phone.at("field-born_on-year").fill("1990")
    await phone.press("field-papers-missing")
    await phone.press("field-role-lives")
    await phone.choose(visa_class="unknown")
    await phone.press("stay-save")
    await phone.at("stay-new").first.wait_for()


async def declare_without_signal(owner: Phone) -> None:
    """First run, premises and three people, with a signal for the first load only."""
    await owner.switch_on()
    await owner.load_once()
    await owner.lose_signal()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    for number in range(1, 4):
        await declare_stay(owner, number)
    await owner.open("/app/")
    await expect(owner.at("outbox-waiting").first).to_have_attribute("data-count", "5")


async def accept_first(officer: Phone) -> None:
    """Open what stands first on the work list and accept it."""
    await officer.open("/app/inbox")
    await officer.press("inbox-item")
    await officer.press("review-accept")
    await officer.at("review-saved").wait_for()
    await officer.open("/app/outbox")
    await expect(officer.at("sync-state").first).to_have_attribute("data-waiting", "0")


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
