"""How soon a slow phone is usable again without signal, with a thousand people on it."""

import shutil
from pathlib import Path
from statistics import median
from typing import Final

from playwright.async_api import CDPSession, Page

from tests.benchmarks.figures import Figure, at_most, informs
from tests.pwa.browser import CONTROLLED, PATIENCE_MS, open_browser
from tests.pwa.front import open_front
from tests.pwa.scripts import DIST, bundle

_PEOPLE: Final = 1_000
_ROUNDS: Final = 5
_THROTTLED: Final = 6
_SAVE: Final = f"""() => import("/scripts/phone.js").then(async (phone) => {{
    await phone.register();
    return (await phone.saveStays({_PEOPLE})).kind;
}})"""
# Notes when the home screen has counted what is on the phone: from then on a person can go on.
_WATCH: Final = f"""new MutationObserver(() => {{
    const counter = document.querySelector("[data-testid=outbox-waiting]");
    if (!(Number(counter?.dataset.count) >= {_PEOPLE})) return;
    window.usableMs ??= performance.now();
}}).observe(document, {{ childList: true, subtree: true, attributes: true }});"""


async def measure(folder: Path) -> list[Figure]:
    """Save a thousand people, lose the signal, and open the app again and again."""
    scripts = folder / "scripts"
    scripts.mkdir()
    bundle("phone", scripts)
    shell = shutil.copytree(DIST, folder / "dist")
    async with open_front(folder / "phone", shell, scripts) as front, open_browser() as browser:
        phone = await browser.new_context(viewport={"width": 360, "height": 640})
        phone.set_default_timeout(PATIENCE_MS)
        page = await phone.new_page()
        await page.goto(f"{front.base_url}/app/")
        await page.evaluate(CONTROLLED)
        front.is_down = True
        assert await page.evaluate(_SAVE) == "saved"
        await phone.set_offline(offline=True)
        await page.add_init_script(_WATCH)
        processor = await phone.new_cdp_session(page)
        plain = await _reload(page, processor, 1)
        throttled = await _reload(page, processor, _THROTTLED)
    return [
        informs("reload without signal, 1,000 stays, s", plain / 1000),
        at_most("the same at a sixth of the processor, s", throttled / 1000, 1.5),
    ]


async def _reload(page: Page, processor: CDPSession, rate: int) -> float:
    """Return the milliseconds from the reload to a usable screen, p50."""
    await processor.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    seen: list[float] = []
    for _ in range(_ROUNDS):
        await page.reload()
        await page.wait_for_function("() => window.usableMs > 0")
        seen.append(await page.evaluate("window.usableMs"))
    await processor.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return median(seen)
