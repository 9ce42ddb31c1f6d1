"""Every screen, with something on it, is usable by everybody in Khmer, Chinese and English."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
import pytest_asyncio
from playwright.async_api import Playwright, expect

from tests.commands.served import Served
from tests.journeys.acts import register
from tests.journeys.conftest import invite, open_devices, open_phones, open_server
from tests.journeys.looking import AXE, list_faults, list_faults_in_the_dark
from tests.journeys.village import Village, found_village
from tests.makers import SANGKAT_1


class Screen(NamedTuple):
    """Where it is, what shows that it is there, and what is pressed to come to it."""

    name: str
    who: Literal["owner", "officer", "stranger", "newcomer"]
    path: str
    shows: str
    press: tuple[str, ...] = ()
    types: tuple[str, str] | None = None


SCREENS = (
    Screen("first run", "stranger", "/app/", "register-submit"),
    Screen("first run refused", "stranger", "/app/", "errors", ("register-submit",)),
    Screen("invited", "stranger", "/app/?invitation=TEST", "field-capacity-officer"),
    Screen("help", "stranger", "/app/help", "help-call"),
    Screen("receipt to check", "stranger", "/app/verify", "verify-check"),
    Screen("receipt not genuine", "stranger", "/app/verify#TEST", "verify-bad"),
    Screen("home without premises", "newcomer", "/app/", "account-unverified"),
    Screen("outbox of a newcomer", "newcomer", "/app/outbox", "outbox-waiting"),
    Screen("home", "owner", "/app/", "to-correct"),
    Screen("premises", "owner", "/app/premises/{premises}", "stay-item"),
    Screen(
        "premises after a person",
        "owner",
        "/app/premises/{premises}?saved={fresh}",
        "stay-complete",
    ),
    Screen("premises with the sync line", "owner", "/app/premises/{empty}", "sync-now"),
    Screen("premises new", "owner", "/app/premises/new", "premises-save"),
    Screen("premises refused", "owner", "/app/premises/new", "errors", ("premises-save",)),
    Screen("premises corrected", "owner", "/app/premises/{premises}/correct", "premises-save"),
    Screen("stay new", "owner", "/app/premises/{premises}/stays/new", "stay-save"),
    Screen(
        "stay with more",
        "owner",
        "/app/premises/{empty}/stays/new",
        "field-previous_premises_id",
        ("stay-more",),
    ),
    Screen(
        "licence",
        "owner",
        "/app/premises/{premises}/correct",
        "licence-remove-0",
        ("premises-more", "licence-add"),
    ),
    Screen(
        "stay refused",
        "owner",
        "/app/premises/{premises}/stays/new",
        "errors",
        ("field-role-works", "field-papers-missing", "stay-save"),
    ),
    Screen("stay pending", "owner", "/app/stays/{fresh}", "departure-open"),
    Screen("stay leaving", "owner", "/app/stays/{fresh}", "departure-save", ("departure-open",)),
    Screen(
        "stay withdrawn without a reason",
        "owner",
        "/app/stays/{fresh}",
        "errors",
        ("withdrawal-open", "withdrawal-save"),
    ),
    Screen("stay returned", "owner", "/app/stays/{returned}", "returned"),
    Screen("stay corrected", "owner", "/app/stays/{returned}/correct", "stay-save"),
    Screen("stay in conflict", "owner", "/app/stays/{conflict}", "branch-use-2"),
    Screen("stay departed", "owner", "/app/stays/{departed}", "left-on"),
    Screen("stay not taken", "owner", "/app/stays/{refused}", "problem"),
    Screen("declaration", "owner", "/app/premises/{premises}/declare", "declare-save"),
    Screen("nobody here", "owner", "/app/premises/{empty}/declare", "declare-nil"),
    Screen("pledge to sign", "owner", "/app/premises/{empty}/pledge", "pledge-sign"),
    Screen(
        "pledge not signed", "owner", "/app/premises/{empty}/pledge", "errors", ("pledge-sign",)
    ),
    Screen(
        "pledge ticked",
        "owner",
        "/app/premises/{empty}/pledge",
        "pledge-sign",
        ("pledge-agree-1",),
    ),
    Screen("pledge signed", "owner", "/app/premises/{premises}/pledge", "pledge-signed"),
    Screen("outbox", "owner", "/app/outbox", "stuck-item"),
    Screen("outbox discarding", "owner", "/app/outbox", "discard-yes", ("discard-open",)),
    Screen("receipt", "owner", "/app/receipts/{fresh}", "receipt-qr"),
    Screen("settings", "owner", "/app/settings", "sign-out-yes", ("sign-out",)),
    Screen("nothing there", "owner", "/app/nothing", "language-km"),
    Screen("work list", "officer", "/app/inbox", "owners"),
    Screen("batch", "officer", "/app/inbox", "review-accept-all", ("review-accept-all",)),
    Screen("code wrong", "officer", "/app/inbox", "errors", ("owner-verify",)),
    Screen("stay to judge", "officer", "/app/inbox/{marked}", "marks"),
    Screen("stay not judged", "officer", "/app/inbox/{marked}", "errors", ("review-return",)),
    Screen("stay judged", "officer", "/app/inbox/{returned}", "former-review", ("review-again",)),
    Screen("stay with versions", "officer", "/app/inbox/{conflict}", "branch", ("history",)),
    Screen("premises to judge", "officer", "/app/inbox/{premises}", "review-again"),
    Screen("declaration to judge", "officer", "/app/inbox/{declaration}", "review-accept"),
    Screen("pledge to judge", "officer", "/app/inbox/{pledge}", "pledge-facts"),
    Screen("officer's settings", "officer", "/app/settings", "sign-out"),
    Screen("search", "officer", "/app/search", "search-item", types=("search", "test")),
    Screen("sheet", "officer", "/app/premises/{premises}", "sheet"),
    Screen("sheet in long words", "officer", "/app/premises/{long}", "sheet"),
    Screen("premises in long words", "officer", "/app/inbox/{long}", "review-accept"),
    Screen("stay in long words", "officer", "/app/inbox/{tall}", "review-accept"),
    Screen("officer's outbox", "officer", "/app/outbox", "outbox-item"),
)

SPOIL = """() => {
    const add = (name, text, style) => {
        const element = document.createElement(name);
        element.textContent = text;
        Object.assign(element.style, style);
        document.querySelector("main").append(element);
        return element;
    };
    add("img", "", {});
    add("p", "wrong_unit", { color: "#777777" });
    add("button", "-", {}).className = "button";
    add("button", "-", { height: "40px", minHeight: "0" });
    add("p", "-", { width: "400px" });
    add("p", "-", { lineHeight: "1.2" }).lang = "km";
}"""


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The register of the village."""
    with open_server(tmp_path_factory.mktemp("street") / "register") as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def village(
    playwright: Playwright, street: Served, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Village]:
    """One village for all screens: looking changes nothing."""
    folder = tmp_path_factory.mktemp("village")
    async with (
        open_phones(playwright, street.url, folder) as phones,
        open_devices(street) as devices,
    ):
        founded = await found_village(street, phones, devices)
        for phone in founded[:-1]:
            await phone.context.add_init_script(path=AXE)
        yield founded


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
async def test_a_screen_is_for_everybody(village: Village, screen: Screen):
    phone = getattr(village, screen.who)
    await phone.open(screen.path.format(**village.ids))
    for name in screen.press:
        await phone.press(name)
    if screen.types:
        await phone.at(screen.types[0]).fill(screen.types[1])
    await phone.at(screen.shows).first.wait_for()
    assert await list_faults(phone.page) == []
    assert await list_faults_in_the_dark(phone.page) == []


async def test_looking_finds_what_is_wrong(village: Village):
    phone = village.stranger
    await phone.open("/app/help")
    await phone.at("help-call").wait_for()
    await phone.evaluate(SPOIL)
    faults = " ".join(await list_faults(phone.page))
    assert "image-alt" in faults
    assert "km: line too low" in faults
    assert "wrong_unit" in faults
    assert "a button without icon and words" in faults
    assert "too wide" in faults
    assert "too low to be pressed" in faults
    assert "color-contrast" in " ".join(await list_faults_in_the_dark(phone.page))


async def test_the_warning_in_a_browser_that_loses_data_is_for_everybody(village: Village):
    phone = village.stranger
    session = await phone.context.new_cdp_session(phone.page)
    agent = f"{await phone.evaluate('navigator.userAgent')} [FB_IAB/FB4A;FBAV/400.0;]"
    await session.send("Emulation.setUserAgentOverride", {"userAgent": agent})
    await phone.open("/app/")
    await phone.at("in-app-browser").wait_for()
    assert await list_faults(phone.page) == []
    await session.detach()


async def test_the_page_over_plain_http_is_for_everybody(village: Village):
    page = await village.stranger.context.new_page()
    await page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    await page.goto(f"{village.stranger.url}/app/?invitation=TEST")
    await page.get_by_test_id("insecure-open").wait_for()
    assert await list_faults(page) == []
    assert await list_faults_in_the_dark(page) == []
    await page.close()


async def test_every_address_of_an_owner_opens_without_signal(village: Village):
    owner = village.owner
    await owner.lose_signal()
    for screen in SCREENS:
        if screen.who == "owner" and not screen.press:
            await owner.open(screen.path.format(**village.ids))
            await owner.at(screen.shows).first.wait_for()
    await owner.find_signal()


async def test_the_language_is_switched_in_one_press_and_nothing_typed_is_lost(village: Village):
    owner = village.owner
    await owner.open("/app/premises/new")
    await owner.fill(name_latin="TEST DATA Typed")
    for language in ("zh", "en", "km"):
        await owner.press(f"language-{language}")
        await expect(owner.page.locator("html")).to_have_attribute("lang", language)
        await expect(owner.at("field-name_latin")).to_have_value("TEST DATA Typed")


async def test_a_work_list_without_work_is_for_everybody(
    playwright: Playwright, street: Served, tmp_path: Path
):
    async with open_phones(playwright, street.url, tmp_path) as phones:
        officer = phones()
        await officer.switch_on(f"/app/?invitation={invite(street, 'officer', SANGKAT_1)}")
        await officer.context.add_init_script(path=AXE)
        await register(officer, "TEST DATA Officer")
        await officer.at("sync-now").wait_for()
        await officer.open("/app/inbox")
        await expect(officer.at("inbox-item")).to_have_count(0)
        assert await list_faults(officer.page) == []


async def test_signed_out_nothing_of_anybody_is_left_to_see(village: Village):
    owner = village.owner
    await owner.open("/app/settings")
    await owner.press("sign-out")
    await owner.press("sign-out-yes")
    await owner.at("sign-in").wait_for()
    await owner.open(f"/app/stays/{village.ids['fresh']}")
    await owner.at("sign-in").wait_for()
    await expect(owner.page.locator("body")).not_to_contain_text("PERSON")
    assert await list_faults(owner.page) == []
    # The others of the village find him as he was, whichever comes next.
    await owner.press("sign-in")
    await owner.at("sign-in").wait_for(state="detached")
