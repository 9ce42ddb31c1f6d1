"""Each role finds on its phone what the register lets it do, and no button for anything else."""

from uuid import UUID

import httpx
import pytest
from playwright.async_api import expect

from tests.journeys.acts import become_officer, declare_with_signal, register
from tests.journeys.conftest import invite
from tests.journeys.neighbours import declare_clean_house
from tests.journeys.phone import Phone
from tests.makers import SANGKAT_4, make_declaration
from tests.world import Device

JUDGING = ("review-accept", "review-return", "review-refer", "review-again")


@pytest.mark.parametrize("role", ["district", "province"])
async def test_those_above_the_commune_read_the_work_list_and_judge_nothing(
    server, new_phone, role
):
    owner, reader = new_phone(), new_phone()
    await declare_with_signal(owner)
    await reader.switch_on(f"/app/?invitation={invite(server, role, 'psh-p-preah-sihanouk')}")
    await register(reader, "TEST DATA Reader")
    await reader.open("/app/inbox")
    await reader.at("inbox-item").first.wait_for()
    for name in ("review-accept-all", "owners"):
        await expect(reader.at(name)).to_have_count(0)
    await reader.press("inbox-item")
    await reader.page.locator("h1").wait_for()
    for name in JUDGING:
        await expect(reader.at(name)).to_have_count(0)
    await reader.open("/app/premises/new")
    await expect(reader.at("premises-save")).to_have_count(0)


@pytest.mark.parametrize(
    ("role", "places", "more", "lands_on"),
    [
        ("owner", (), "&capacity=owner", "premises-new"),
        ("officer", (SANGKAT_4,), "", "search"),
    ],
)
async def test_whom_an_invitation_is_for_is_preselected_and_no_greeting_takes_him_for_another(
    server, new_phone, role, places, more, lands_on
):
    guest = new_phone("en-GB")
    await guest.switch_on(f"/app/?invitation={invite(server, role, *places)}{more}")
    await expect(guest.at(f"field-capacity-{role}")).to_be_checked()
    await expect(guest.page.locator("main")).to_contain_text("You were invited to this register.")
    await expect(guest.page.locator("main")).not_to_contain_text("invited by the police")
    await register(guest, "TEST DATA Guest")
    await guest.at(lands_on).first.wait_for()


async def test_an_analyst_is_told_that_the_app_has_no_screen_and_is_refused_nothing(
    server, new_phone
):
    analyst = new_phone()
    refused: list[str] = []
    await analyst.switch_on(f"/app/?invitation={invite(server, 'analyst', 'psh-p-preah-sihanouk')}")
    analyst.page.on(
        "response",
        lambda one: refused.append(one.url) if one.status == httpx.codes.FORBIDDEN else 0,
    )
    await register(analyst, "TEST DATA Analyst")
    await analyst.at("no-area").wait_for()
    await analyst.press("sync-now")
    await expect(analyst.at("sync-state")).to_have_attribute("data-state", "idle")
    await analyst.open("/app/inbox")
    await expect(analyst.at("search")).to_have_count(0)
    assert refused == []


async def test_the_bar_of_the_post_counts_as_the_register_does(server, new_phone, new_device):
    owner, officer, reader = new_phone(), new_phone(), await new_device("officer")
    await declare_with_signal(owner)
    house = await declare_clean_house(reader, await new_device(), 1)
    await become_officer(officer, server)
    order = await check_bar(officer, reader)
    await reader.send("declaration", make_declaration(house, UUID(order)))
    await check_bar(officer, reader)


async def check_bar(officer: Phone, reader: Device) -> str:
    """Compare what the phone shows with the register; return an open order."""
    orders = (await reader.read("/v1/coverage"))["orders"]
    shown = [one for one in orders if one["is_open"]]
    await expect(officer.at("coverage")).to_have_count(len(shown))
    for order in shown:
        bar = officer.page.locator(f"[data-order='{order['order_id']}']")
        await expect(bar).to_have_attribute("data-known", str(order["total"]["known"]))
        await expect(bar).to_have_attribute("data-declared", str(order["total"]["declared"]))
    return shown[0]["order_id"]
