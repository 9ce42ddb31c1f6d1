"""What people do in the app, each as they would: the journeys are told in these words."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.conftest import invite
from tests.journeys.phone import Phone
from tests.makers import SANGKAT_4

CLAUSES = "[data-testid^=pledge-agree-]"


async def register(phone: Phone, name: str, **more: str) -> None:
    """The first screen."""
    await phone.at("register-name").fill(name)
    await phone.at("register-phone").fill("012 345 678")
    for field, value in more.items():
        await phone.at(field).fill(value)
    await phone.press("register-submit")
    await phone.at("register-submit").wait_for(state="detached")


async def declare_premises(phone: Phone) -> None:
    await phone.press("premises-new")
    await phone.choose(kind="rental_house", place=SANGKAT_4)
    await phone.fill(name_latin="TEST DATA House", rooms_count="24")
    await phone.press("premises-save")
    await phone.at("premises-item").first.wait_for()


async def declare_stay(phone: Phone, number: int) -> str:
    """One person, typed by hand; returns the id of the entry."""
    await phone.press("stay-new")
    await phone.fill(primary="TEST", secondary=f"PERSON {number}", unit=str(number))
    await phone.choose(nationality="VNM")
    await phone.press("field-sex-F")
    await phone.at("field-born_on-year").fill("1990")
    await phone.press("field-papers-missing")
    await phone.press("field-role-lives")
    await phone.choose(visa_class="unknown")
    await phone.press("stay-save")
    await phone.at("saved").wait_for()
    return phone.page.url.split("saved=")[1]


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


async def send_back(officer: Phone, kind: str, *reasons: str, remarks: str = "") -> None:
    """Open the first entry of a kind on the work list and return it to its author."""
    await officer.open("/app/inbox")
    await officer.page.locator(f"[data-testid=inbox-item][data-kind={kind}]").first.click()
    await officer.press("review-return")
    for reason in reasons:
        await officer.press(f"review-reason-{reason}")
    await officer.at("review-remarks").fill(remarks)
    await officer.press("review-return")
    await officer.at("review-saved").wait_for()
    await officer.open("/app/outbox")
    await officer.press("sync-now")
    await expect(officer.at("sync-state").first).to_have_attribute("data-waiting", "0")


async def declare_with_signal(owner: Phone) -> None:
    """Premises and one person, sent at once."""
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await declare_stay(owner, 1)
    await send_all(owner)


async def send_all(phone: Phone) -> None:
    """Press the button and wait until nothing waits."""
    await phone.open("/app/")
    await phone.press("sync-now")
    await expect(phone.at("sync-state").first).to_have_attribute("data-waiting", "0")


async def become_officer(officer: Phone, server: Served) -> None:
    """An officer of Sangkat 4, by invitation."""
    await officer.switch_on(f"/app/?invitation={invite(server, 'officer', SANGKAT_4)}")
    await officer.load_once()
    await register(officer, "TEST DATA Officer")
    await officer.open("/app/inbox")
    await officer.at("inbox-item").first.wait_for()


async def leave_today(owner: Phone, stay: str) -> None:
    """Three presses from the list of people: the person, "has left", "save"."""
    await owner.open(f"/app/stays/{stay}")
    await owner.press("departure-open")
    await owner.press("departure-save")
    await owner.at("departure-undo").wait_for()


async def tick_every_clause(owner: Phone) -> None:
    """Agree to the five clauses of the short text, as soon as the page shows them."""
    clauses = owner.page.locator(CLAUSES)
    await expect(clauses).to_have_count(5)
    for clause in await clauses.all():
        await clause.check()


async def list_premises(owner: Phone, *, count: int) -> list[str]:
    """The ids of the `count` premises on the first page, once it shows all of them."""
    items = owner.at("premises-item")
    await expect(items).to_have_count(count)
    return [str(await item.get_attribute("href")).rsplit("/", 1)[1] for item in await items.all()]


async def sign_pledge(owner: Phone, premises: str) -> None:
    """Every clause ticked, a name typed."""
    await owner.open(f"/app/premises/{premises}/pledge")
    await tick_every_clause(owner)
    await owner.fill(typed_name="TEST DATA Owner")
    await owner.press("pledge-sign")
    await owner.at("pledge-signed").wait_for()
