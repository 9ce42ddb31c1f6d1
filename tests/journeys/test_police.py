"""A morning at the post: two dozen clean entries, an owner at the counter, a name to look up."""

from collections.abc import AsyncIterator, Iterator
from typing import Final, NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Playwright, expect

from tests.commands.served import Served
from tests.journeys.acts import become_officer, send_all
from tests.journeys.conftest import NewDevice, open_devices, open_phones, open_server, read_log
from tests.journeys.neighbours import declare_clean, declare_clean_house
from tests.journeys.phone import Phone

_CLEAN: Final = 24
# One of these is the premises.
_ENTRIES: Final = _CLEAN + 1


class Post(NamedTuple):
    """An officer with his phone, and people who declare to him."""

    server: Served
    officer: Phone
    new_device: NewDevice


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The register of the commune."""
    with open_server(tmp_path_factory.mktemp("street") / "register") as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def post(
    playwright: Playwright, street: Served, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Post]:
    """A post whose work list holds two dozen people at whose papers there is nothing to look."""
    folder = tmp_path_factory.mktemp("post")
    async with (
        open_phones(playwright, street.url, folder) as phones,
        open_devices(street) as devices,
    ):
        await declare_clean_house(await devices("officer"), await devices(), _CLEAN)
        officer = phones("km-KH")
        await become_officer(officer, street)
        yield Post(street, officer, devices)


async def test_a_name_is_found_without_signal_as_it_is_typed(post: Post):
    officer = post.officer
    await officer.open("/app/search")
    await officer.lose_signal()
    await officer.at("search").fill("test data clean17")
    await expect(officer.at("search-item")).to_have_count(1)
    await officer.press("search-item")
    await expect(officer.page.locator("h1")).to_contain_text("CLEAN17")
    await officer.find_signal()


async def test_two_dozen_clean_entries_are_accepted_with_four_presses(post: Post):
    officer = post.officer
    await officer.open("/app/settings")
    await officer.lose_signal()
    officer.presses = 0
    await officer.page.locator("nav.menu a").first.click()
    await officer.press("review-accept-all")
    await officer.press("review-accept-all")
    assert officer.presses + 1 <= 4
    await expect(officer.at("inbox-item")).to_have_count(0)
    await expect(officer.at("sync-state").first).to_have_attribute("data-waiting", str(_ENTRIES))
    assert read_log(post.server, "review") == []

    await officer.find_signal()
    await send_all(officer)
    effects = [effect for kind in ("premises", "stay") for _, effect in read_log(post.server, kind)]
    assert effects == ["accepted"] * _ENTRIES


async def test_an_owner_is_verified_by_the_code_on_his_phone(post: Post):
    owner, officer = await post.new_device(), post.officer
    premises_id = await owner.send_premises(names={"latin": "TEST DATA Counter"})
    await officer.open("/app/inbox")
    await officer.at("owners").wait_for()
    await officer.at("owner-code").fill("WRONG2")
    await officer.press("owner-verify")
    await officer.at("errors").wait_for()
    await officer.at("owner-code").fill(owner.verification_code.lower())
    await officer.press("owner-verify")
    await officer.at("owner-verified").wait_for()
    await send_all(officer)
    assert len(read_log(post.server, "verification")) == 2

    await officer.open("/app/inbox")
    clean = officer.page.locator("[data-kind=stay][data-marks='0']")
    await officer.at("inbox-item").first.wait_for()
    before = await clean.count()
    await declare_clean(owner, premises_id, 30)
    await officer.open("/app/inbox")
    await expect(clean).to_have_count(before + 1)


async def test_a_clean_entry_is_accepted_with_two_presses(post: Post):
    owner, officer = await post.new_device(), post.officer
    await owner.send_premises(names={"latin": "TEST DATA Corner"})
    await officer.open("/app/inbox")
    await officer.at("inbox-item").first.wait_for()
    officer.presses = 0
    await officer.press("inbox-item")
    await officer.press("review-accept")
    await officer.at("review-saved").wait_for()
    assert officer.presses == 2
