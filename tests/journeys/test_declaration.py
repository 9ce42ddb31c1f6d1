"""A declaration made without signal arrives once on the commune police's list."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import accept_first, declare_without_signal, register
from tests.journeys.conftest import NewPhone, invite, read_log
from tests.makers import SANGKAT_4


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
