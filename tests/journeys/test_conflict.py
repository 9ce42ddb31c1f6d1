"""Two people correct the same entry at the same time: both versions stay, and a person settles."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import declare_premises, register, send_all
from tests.journeys.conftest import NewDevice, NewPhone, read_log
from tests.journeys.neighbours import correct_beside


async def test_two_corrections_of_one_entry_stand_side_by_side_until_the_owner_settles(
    server: Served, new_phone: NewPhone, new_device: NewDevice
):
    owner, police = new_phone(), await new_device("officer")
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await send_all(owner)
    ((premises_id, _),) = read_log(server, "premises")
    stay = await correct_beside(police, owner, str(premises_id))
    await owner.find_signal()
    await send_all(owner)
    assert {effect for _, effect in read_log(server, "stay")} == {"conflict"}

    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "1")
    await owner.press("returned-item")
    await expect(owner.page.locator("main")).to_contain_text("31")
    await expect(owner.at("branch-use-1").locator("..")).to_contain_text("13")
    await owner.press("branch-use-2")
    await owner.at("branch-use-2").wait_for(state="detached")
    await send_all(owner)
    assert {effect for _, effect in read_log(server, "stay")} == {"pending"}
    view = await police.read(f"/v1/stays/{stay}")
    assert view["body"]["unit"] == "31"
    await expect(owner.at("outbox-returned").first).to_have_attribute("data-count", "0")
