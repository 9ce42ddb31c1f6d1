"""What the longer forms ask: where a person was before, the slip's language, licences that go."""

from playwright.async_api import expect

from tests.commands.served import Served
from tests.journeys.acts import (
    declare_premises,
    declare_stay,
    declare_with_signal,
    list_premises,
    register,
    send_all,
)
from tests.journeys.conftest import NewDevice, NewPhone, read_log
from tests.journeys.phone import Phone

# The moment without typing after which a draft is kept never comes: only leaving can keep it.
NEVER_RESTS = """const later = setTimeout;
window.setTimeout = (work, ms, ...more) => (ms === 400 ? 0 : later(work, ms, ...more));"""

_INCOMPLETE = "Not complete yet: a passport has two lines of 44 characters."
_NO_ZONES = {
    "hello": _INCOMPLETE,
    "7" * 44: _INCOMPLETE,
    "SOK-DARA": "Only letters, numbers and < stand in these lines.",
    "L898902C36XXX7499122F1299159ZE184226B<<<<<10": "Something is mistyped: date of birth,"
    " date of expiry, the last number of line 2. Compare with the passport.",
}


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


async def _go_back(owner: Phone) -> None:
    """As people do in the midst of typing: at once."""
    await owner.page.go_back()
    await owner.at("field-village").wait_for(state="detached")


async def _find_again(owner: Phone) -> None:
    await owner.at("draft-restored").wait_for()
    await expect(owner.at("field-village")).to_have_value("TEST Village")


async def _find_nothing(owner: Phone, path: str, village: str) -> None:
    await owner.open(path)
    await expect(owner.at("field-village")).to_have_value(village)
    await expect(owner.at("draft-restored")).to_have_count(0)


async def test_what_was_typed_of_a_place_outlives_going_back_and_a_reload(new_phone: NewPhone):
    owner = new_phone()
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await owner.press("premises-new")
    await owner.fill(village="TEST Village")
    await _go_back(owner)
    await owner.press("premises-new")
    await _find_again(owner)
    await owner.page.reload()
    await _find_again(owner)

    await owner.press("draft-discard")
    await _find_nothing(owner, "/app/premises/new", "")
    await owner.fill(village="TEST Village")
    await _go_back(owner)
    await declare_premises(owner)
    await _find_nothing(owner, "/app/premises/new", "")


async def test_what_was_typed_over_a_place_is_kept_until_it_is_saved(new_phone: NewPhone):
    owner = new_phone()
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await owner.press("premises-item")
    await owner.press("premises-correct")
    await owner.fill(village="TEST Village")
    await _go_back(owner)
    await owner.press("premises-correct")
    await _find_again(owner)
    form = owner.page.url.removeprefix(owner.url)
    await owner.press("premises-save")
    await owner.at("premises-save").wait_for(state="detached")
    await _find_nothing(owner, form, "TEST Village")


async def test_what_was_typed_last_over_a_person_outlives_a_reload_until_it_is_saved(
    new_phone: NewPhone,
):
    owner = new_phone()
    await declare_with_signal(owner)
    await owner.context.add_init_script(NEVER_RESTS)
    await owner.open("/app/")
    await owner.press("premises-item")
    await owner.press("stay-item")
    await owner.press("stay-correct")
    await owner.fill(unit="13")
    await owner.page.reload()
    await owner.at("draft-restored").wait_for()
    await expect(owner.at("field-unit")).to_have_value("13")
    form = owner.page.url.removeprefix(owner.url)
    await owner.press("stay-save")
    await owner.at("stay-save").wait_for(state="detached")
    await owner.open(form)
    await expect(owner.at("field-unit")).to_have_value("13")
    await expect(owner.at("draft-restored")).to_have_count(0)


async def test_what_is_no_line_of_a_passport_is_said_and_stops_nothing(new_phone: NewPhone):
    owner = new_phone("en-US")
    await owner.switch_on()
    await owner.load_once()
    await register(owner, "TEST DATA Owner")
    await declare_premises(owner)
    await owner.press("stay-new")
    for typed, said in _NO_ZONES.items():
        await owner.at("stay-mrz").fill(typed)
        await expect(owner.at("mrz-bad")).to_have_text(said)
    await owner.at("stay-mrz").fill("")
    await expect(owner.at("mrz-bad")).to_have_count(0)

    await owner.at("stay-mrz").fill("hello")
    await owner.fill(primary="TEST")
    await owner.choose(nationality="VNM")
    await owner.press("stay-save")
    await owner.at("saved").wait_for()
