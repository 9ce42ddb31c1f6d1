"""A phone: Chromium at 360×640 with a profile of its own, which a test can switch off hard."""

import os
import signal
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, BrowserType, Locator, Page, expect

from tests.pwa.browser import ARGUMENTS, PATIENCE_MS

WIDTH, HEIGHT = 360, 640
expect.set_options(timeout=PATIENCE_MS)


class Phone:
    """One profile folder; the browser over it is started, killed and started again."""

    def __init__(
        self, browser: BrowserType, program: str, profile: Path, url: str, locale: str
    ) -> None:
        self._browser = browser
        self._program = program
        self._profile = profile
        self.url = url
        self._locale = locale
        self.presses = 0
        self._context: BrowserContext | None = None
        self._page: Page | None = None

    @property
    def folder(self) -> Path:
        """Where this phone's things lie."""
        return self._profile.parent

    @property
    def page(self) -> Page:
        assert self._page is not None, "the phone is off"
        return self._page

    @property
    def context(self) -> BrowserContext:
        assert self._context is not None, "the phone is off"
        return self._context

    async def switch_on(self, path: str = "/app/", *, offline: bool = False) -> None:
        """Start the browser over the profile and open a page; offline, the shell must do."""
        self._context = await self._browser.launch_persistent_context(
            self._profile,
            executable_path=self._program,
            headless=True,
            args=list(ARGUMENTS),
            viewport={"width": WIDTH, "height": HEIGHT},
            has_touch=True,
            locale=self._locale,
            offline=offline,
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self._page = self._context.pages[0]
        await self.open(path)

    async def open(self, path: str) -> None:
        await self.page.goto(self.url + path)

    async def load_once(self) -> None:
        """Wait until the service worker holds the shell: from now on no signal is needed."""
        await self.page.evaluate(
            "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ||"
            " new Promise(done => navigator.serviceWorker.addEventListener('controllerchange',"
            " done, {once: true}))).then(() => true)"
        )

    async def lose_signal(self) -> None:
        await self.context.set_offline(offline=True)

    async def find_signal(self) -> None:
        await self.context.set_offline(offline=False)

    async def kill(self) -> None:
        """SIGKILL to every process of the browser, as a battery that falls out."""
        for pid in _processes_of(self._profile):
            os.kill(pid, signal.SIGKILL)
        self._context = self._page = None

    async def switch_off(self) -> None:
        if self._context is not None:
            await self._context.close()
        self._context = self._page = None

    def at(self, name: str) -> Locator:
        """What carries a name for tests."""
        return self.page.get_by_test_id(name)

    async def press(self, name: str) -> None:
        await self.at(name).first.click()
        self.presses += 1

    async def fill(self, **values: str) -> None:
        """Type into fields by name: `primary="TEST"` fills `field-primary`."""
        for name, value in values.items():
            await self.at(f"field-{name}").fill(value)

    async def choose(self, **values: str) -> None:
        """Choose in lists by value."""
        for name, value in values.items():
            await self.at(f"field-{name}").select_option(value)

    async def count(self, name: str) -> int:
        """The number that a counter shows."""
        return int(await self.at(name).first.get_attribute("data-count") or "-1")

    async def evaluate(self, script: str) -> Any:
        return await self.page.evaluate(script)


def _processes_of(profile: Path) -> list[int]:
    """The processes that name the profile folder on their command line."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in command:
            found.append(int(folder.name))
    return found
