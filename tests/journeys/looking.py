"""What holds on every screen in every language: axe, icons with words, width, room for Khmer."""

from pathlib import Path
from typing import Final

from playwright.async_api import Page, expect

from tests.journeys.phone import HEIGHT, WIDTH
from tests.pwa.scripts import PWA

AXE: Final[Path] = PWA / "node_modules/axe-core/axe.min.js"
LANGUAGES: Final = ("km", "zh", "en")
NARROW: Final = 320
TARGET_LEAST: Final = 44
KHMER_LINE_LEAST: Final = 1.8

_VIOLATIONS: Final = """async (only) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const runOnly = only ?? { type: "tag", values: tags };
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target).join(" | ")}`);
}"""
_CONTRAST: Final = {"type": "rule", "values": ["color-contrast"]}
_TOO_WIDE: Final = """() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll("#app *")]
        .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
        .map((element) => element.outerHTML.slice(0, 80));
}"""
_LOW_LINES: Final = """(least) => [...document.querySelectorAll("#app :lang(km)")]
    .filter((element) => element.checkVisibility() && !element.matches("option, optgroup"))
    .filter(({ childNodes }) => [...childNodes].some((node) => node.data?.trim()))
    .filter((element) => {
        const { lineHeight, fontSize } = getComputedStyle(element);
        return !(parseFloat(lineHeight) / parseFloat(fontSize) >= least - 0.001);
    })
    .map((element) => element.outerHTML.slice(0, 80))"""
_BARE_BUTTONS: Final = """() => [...document.querySelectorAll("#app .button:not(.quiet)")]
    .filter((button) => !button.querySelector("svg.icon") || !button.textContent.trim())
    .map((button) => button.outerHTML.slice(0, 80))"""
# Links within a sentence are as high as its lines; the one over the bar is seen with the focus.
_TOO_LOW: Final = """(least) => {
    const ticks = ":is([type=radio], [type=checkbox])";
    const fields = `select, textarea, label:has(${ticks}), input:not(${ticks})`;
    const touched = `:is(a, button, summary, ${fields})`;
    const before = document.activeElement;
    document.querySelector("#app .skip").focus();
    const low = [...document.querySelectorAll(`#app ${touched}`)]
        .filter((element) => element.checkVisibility())
        .filter((element) => getComputedStyle(element).display !== "inline")
        .filter((element) => element.getBoundingClientRect().height < least)
        .map((element) => element.outerHTML.slice(0, 80));
    before.focus({ preventScroll: true });
    return low;
}"""
_BARE_CODES: Final = """() => {
    const copy = document.querySelector("#app").cloneNode(true);
    for (const code of copy.querySelectorAll(".code")) code.remove();
    return copy.textContent.match(/\\b[a-z]+[_.][a-z_.-]*[a-z]\\b/g) ?? [];
}"""


async def list_faults(page: Page) -> list[str]:
    """Switch the screen through the languages and look at each; answers given stay as they are."""
    faults: list[str] = []
    for language in LANGUAGES:
        await page.get_by_test_id(f"language-{language}").click()
        await expect(page.locator("html")).to_have_attribute("lang", language)
        found = {
            "axe": await page.evaluate(_VIOLATIONS, None),
            "line too low": await page.evaluate(_LOW_LINES, KHMER_LINE_LEAST),
            "a button without icon and words": await page.evaluate(_BARE_BUTTONS),
            "a code in place of words": await page.evaluate(_BARE_CODES),
            "too wide": await _list_narrow(page, _TOO_WIDE),
            "too low to be pressed": await _list_narrow(page, _TOO_LOW, TARGET_LEAST),
        }
        faults += [f"{language}: {what}: {one}" for what, ones in found.items() for one in ones]
    return faults


async def list_faults_in_the_dark(page: Page) -> list[str]:
    """The colours of a phone that is set to dark."""
    await page.emulate_media(color_scheme="dark")
    found: list[str] = await page.evaluate(_VIOLATIONS, _CONTRAST)
    await page.emulate_media(color_scheme="light")
    return found


async def _list_narrow(page: Page, script: str, least: int | None = None) -> list[str]:
    """What a script finds on this phone, and on a narrower one."""
    found: list[str] = await page.evaluate(script, least)
    await page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    found += await page.evaluate(script, least)
    await page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    return found
