"""The specimen passport of ICAO, typed as its two lines, arrives like any other in a demo."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import declare_premises, register, send_all
from tests.journeys.conftest import NewPhone, read_log

_ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


async def test_the_specimen_passport_is_declared_by_its_two_lines(
    server: Served, new_phone: NewPhone
):
    owner = new_phone()
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await owner.press("stay-new")
    await owner.at("stay-mrz").fill(_ZONE)
    await expect(owner.at("field-primary")).to_have_value("ERIKSSON")
    await expect(owner.at("field-nationality")).to_have_value("UTO")
    await owner.press("field-role-lives")
    await owner.choose(visa_class="unknown")
    await owner.press("stay-save")
    await owner.at("stay-new").first.wait_for()
    await send_all(owner)
    assert [effect for _, effect in read_log(server, "stay")] == ["pending"]
