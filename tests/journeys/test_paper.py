"""An owner without a phone comes to the post: what his paper says is entered there."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import declare_stay, register, send_all
from tests.journeys.conftest import NewPhone, invite, read_log
from tests.journeys.phone import Phone
from tests.makers import SANGKAT_4

TARGET_PX = 48


async def _is_large(phone: Phone, name: str) -> bool:
    box = await phone.at(name).first.bounding_box()
    return box is not None and box["height"] >= TARGET_PX


async def test_the_post_enters_a_place_and_its_people_from_paper_and_says_so(
    server: Served, new_phone: NewPhone
):
    officer = new_phone()
    await officer.switch_on(f"/app/?invitation={invite(server, 'officer', SANGKAT_4)}")
    await register(officer, "TEST DATA Officer")
    await officer.open("/app/inbox")
    await officer.at("premises-new").wait_for()
    assert await _is_large(officer, "premises-new")
    await officer.press("premises-new")
    await officer.choose(kind="rental_house", place=SANGKAT_4)
    await officer.press("field-capacity-owner")
    await officer.fill(name_latin="TEST DATA Paper House", **{"owner.name": "TEST DATA Owner"})
    await officer.press("premises-save")

    await officer.at("paper-open").wait_for()
    assert await _is_large(officer, "paper-open")
    await officer.press("paper-open")
    stay = await declare_stay(officer, 1)
    await expect(officer.at("sheet")).to_contain_text("PERSON 1")
    await send_all(officer)
    assert len(read_log(server, "premises")) == len(read_log(server, "stay")) == 1

    await officer.open(f"/app/inbox/{stay}")
    await officer.press("paper-correct")
    await officer.press("departure-open")
    await officer.press("departure-save")
    await officer.at("departure-undo").wait_for()
    await send_all(officer)
    assert [effect for _, effect in read_log(server, "departure")] == ["departed"]
