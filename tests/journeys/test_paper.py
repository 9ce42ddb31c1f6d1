"""An owner without a phone comes to the post: what his paper says is entered there."""

import pytest
from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import (
    become_officer,
    declare_stay,
    declare_with_signal,
    register,
    send_all,
)
from tests.journeys.conftest import NewDevice, NewPhone, invite, read_log
from tests.journeys.neighbours import declare_clean_house
from tests.journeys.phone import Phone
from tests.makers import SANGKAT_4

TARGET_PX = 48
WORDS = {
    "km": ("ចុះហត្ថលេខាដោយទូរស័ព្ទម្ចាស់", "ពីក្រដាស"),
    "zh": ("业主手机签名", "来自纸质"),
    "en": ("signed on the owner's phone", "from paper"),
}


async def _is_large(phone: Phone, name: str) -> bool:
    box = await phone.at(name).first.bounding_box()
    return box is not None and box["height"] >= TARGET_PX


async def _enter_place(officer: Phone) -> None:
    """From the work list to the sheet of the new place."""
    await officer.press("premises-new")
    await officer.choose(kind="rental_house", place=SANGKAT_4)
    await officer.press("field-capacity-owner")
    await officer.fill(name_latin="TEST DATA Paper House", **{"owner.name": "TEST DATA Owner"})
    await officer.press("premises-save")
    await officer.at("paper-open").wait_for()


async def test_the_post_enters_a_place_and_its_people_from_paper_and_says_so(
    server: Served, new_phone: NewPhone
):
    officer = new_phone()
    await officer.switch_on(f"/app/?invitation={invite(server, 'officer', SANGKAT_4)}")
    await register(officer, "TEST DATA Officer")
    await officer.open("/app/inbox")
    await officer.at("premises-new").wait_for()
    assert await _is_large(officer, "premises-new")
    await _enter_place(officer)
    assert await _is_large(officer, "paper-open")
    await officer.press("paper-open")
    stay = await declare_stay(officer, 1)
    await expect(officer.at("sheet")).to_contain_text("PERSON 1")
    await send_all(officer)
    assert len(read_log(server, "premises")) == len(read_log(server, "stay")) == 1

    await officer.open(f"/app/inbox/{stay}")
    await expect(officer.at("grade")).to_have_attribute("data-grade", "paper")
    await officer.press("paper-correct")
    await officer.press("departure-open")
    await officer.press("departure-save")
    await officer.at("departure-undo").wait_for()
    await send_all(officer)
    assert [effect for _, effect in read_log(server, "departure")] == ["departed"]


@pytest.mark.parametrize("language", list(WORDS))
async def test_lists_and_entries_say_in_words_how_something_came(
    server: Served, new_phone: NewPhone, new_device: NewDevice, language: str
):
    signed, paper = WORDS[language]
    police, owner, officer = await new_device("officer"), await new_device(), new_phone()
    await declare_clean_house(police, owner, 1)
    await police.send_premises(names={"latin": "TEST DATA Paper House"})
    await become_officer(officer, server)
    await officer.press(f"language-{language}")
    items = officer.at("inbox-item")
    await expect(items.filter(has_text="Paper House")).to_contain_text(paper)
    await expect(items.filter(has_text="CLEAN1")).to_contain_text(signed)

    await items.filter(has_text="CLEAN1").click()
    await expect(officer.at("grade")).to_contain_text(signed)
    await officer.open("/app/search")
    await officer.at("search").fill("paper house")
    await expect(officer.at("search-item")).to_contain_text(paper)
    await officer.press("search-item")
    await expect(officer.at("grade")).to_contain_text(paper)


async def test_an_address_opens_to_the_post_what_others_signed_for_reading_and_judging_only(
    server: Served, new_phone: NewPhone
):
    owner, officer = new_phone(), new_phone()
    await declare_with_signal(owner)
    ((stay, _),) = read_log(server, "stay")
    ((premises, _),) = read_log(server, "premises")
    await become_officer(officer, server)
    for address in (f"/app/stays/{stay}", f"/app/stays/{stay}/correct"):
        await officer.open(address)
        await officer.at("review-accept").wait_for()
        for name in ("stay-correct", "stay-save", "departure-open", "withdrawal-open"):
            await expect(officer.at(name)).to_have_count(0)
    await officer.open(f"/app/premises/{premises}/correct")
    await officer.at("sheet").wait_for()
    await expect(officer.at("premises-save")).to_have_count(0)
