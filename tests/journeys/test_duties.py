"""What an owner still owes, at every place and under every order, and why something still waits."""

import json

from playwright.async_api import expect

from tests.commands.served import sangkat
from tests.journeys.acts import declare_premises, register
from tests.journeys.phone import Phone
from tests.makers import make_order

NO_STORAGE = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("Forbidden", "SecurityError"); },
});"""


async def declare_under_each(owner: Phone, *, count: int) -> None:
    """Say of each of `count` open orders at the place on screen that nobody is there."""
    orders = owner.at("under-order")
    await expect(orders).to_have_count(count)
    for number in range(count):
        await orders.nth(number).get_by_test_id("declare-nil").click()
        await owner.press("declare-nil")
        await owner.at("declare-saved").wait_for()
        await owner.open("/app/")
        await expect(orders.nth(number).get_by_test_id("declared")).to_have_count(1)


async def test_every_open_order_is_declared_on_the_phone_at_every_place(
    server, new_phone, tmp_path
):
    file = tmp_path / "order.json"
    file.write_text(json.dumps(make_order(deadline_at="2026-02-01T16:59:59.000Z")))
    added = sangkat("order", "add", file, data=server.data)
    assert added.returncode == 0, added.stderr
    owner = new_phone()
    await owner.switch_on()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await declare_premises(owner)
    await expect(owner.at("premises-owes")).to_have_count(2)
    owed = await owner.count("premises-owes")
    await declare_under_each(owner, count=2)
    for left in (owed, owed - 2):
        place = owner.page.locator(f"[data-testid=premises-owes][data-count='{left}']")
        await expect(place).to_have_count(1)


async def test_a_fourth_place_says_why_it_waits_and_what_to_do(new_phone):
    owner = new_phone("en-US")
    await owner.switch_on()
    await register(owner, "TEST DATA Owner")
    for _ in range(4):
        await declare_premises(owner)
        await owner.open("/app/")
    await owner.at("delayed").wait_for()
    await expect(owner.at("delayed")).to_contain_text("Go to the police post")
    await owner.open("/app/outbox")
    await expect(owner.at("delayed")).to_be_visible()
    await owner.press("outbox-item")
    await expect(owner.at("delayed")).to_be_visible()


async def test_the_app_starts_where_the_browser_remembers_nothing_and_says_so(new_phone):
    owner = new_phone()
    await owner.switch_on()
    await owner.context.add_init_script(NO_STORAGE)
    await owner.open("/app/")
    await owner.at("storage-blocked").wait_for()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
