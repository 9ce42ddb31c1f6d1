"""What the longer forms ask: where a person was before, the slip's language, licences that go."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import declare_premises, declare_stay, list_premises, register, send_all
from tests.journeys.conftest import NewDevice, NewPhone, read_log
from tests.journeys.phone import Phone


async def _begin(owner: Phone) -> tuple[str, str]:
    """Two places; returns their ids, the one that was declared first in front."""
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await declare_stay(owner, 1)
    first = owner.page.url.split("/premises/")[1].split("?")[0]
    await owner.open("/app/")
    await declare_premises(owner)
    (second,) = {*await list_premises(owner, count=2)} - {first}
    return first, second


async def test_where_somebody_was_before_and_the_language_of_the_slip_are_declared(
    new_phone: NewPhone, new_device: NewDevice
):
    owner, police = new_phone(), await new_device("officer")
    first, second = await _begin(owner)
    await owner.open(f"/app/premises/{second}/stays/new")
    await owner.fill(primary="TEST", secondary="PERSON 2")
    await owner.choose(nationality="VNM")
    await owner.press("stay-more")
    await owner.choose(slip_language="vi", previous_premises_id=first)
    await owner.press("stay-save")
    await owner.at("saved").wait_for()
    stay = owner.page.url.split("saved=")[1]
    await owner.open(f"/app/stays/{stay}")
    await expect(owner.page.locator("main")).to_contain_text("Tiếng Việt")
    await send_all(owner)
    body = (await police.read(f"/v1/stays/{stay}"))["body"]
    assert (body["slip_language"], body["previous_premises_id"]) == ("vi", first)


async def test_a_licence_that_was_entered_by_mistake_is_removed(
    server: Served, new_phone: NewPhone, new_device: NewDevice
):
    owner, police = new_phone(), await new_device("officer")
    first, _ = await _begin(owner)
    await owner.open(f"/app/premises/{first}/correct")
    await owner.press("premises-more")
    for at, number in enumerate(("TEST 1", "TEST 2")):
        await owner.press("licence-add")
        await owner.fill(**{f"licence.{at}.number": number})
    await owner.press("premises-save")
    await owner.at("premises-save").wait_for(state="detached")
    await owner.open(f"/app/premises/{first}/correct")
    await owner.press("premises-more")
    await owner.press("licence-remove-0")
    await expect(owner.at("field-licence.0.number")).to_have_value("TEST 2")
    await expect(owner.at("licence-remove-1")).to_have_count(0)
    await owner.press("premises-save")
    await owner.at("premises-save").wait_for(state="detached")
    await send_all(owner)
    assert len(read_log(server, "premises")) == 4
    licences = (await police.read(f"/v1/premises/{first}"))["body"]["licences"]
    assert [licence["number"] for licence in licences] == ["TEST 2"]
