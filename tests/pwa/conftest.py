"""One Chromium for all tests of the app, and a fresh phone for each."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.pwa.browser import PATIENCE_MS, open_browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with open_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def phone(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A phone of 360 by 640 with nothing on it."""
    context = await chromium.new_context(
        locale="km-KH", viewport={"width": 360, "height": 640}, has_touch=True
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    await context.close()
